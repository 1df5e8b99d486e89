import FoundationEssentials
import Glibc
import MedicalImaging
import Preprocessing

// For every line of standard input, `THREADS PICTURES MODE COLUMNS ROWS NEW-COLUMNS NEW-ROWS FILE`: the seconds in
// which each of so many threads resizes so many pictures of the file's samples, making its weights each time.
while let line = readLine() {
  let words = line.split(separator: " ")
  let numbers = (words[..<2] + words[3..<7]).map { Int($0)! }
  let job = try Job(mode: String(words[2]), sides: Array(numbers[2...]), file: String(words[7]))
  let start = ContinuousClock.now
  await job.run(threads: numbers[0], pictures: numbers[1])
  let (seconds, attoseconds) = (ContinuousClock.now - start).components
  print(Double(seconds) + Double(attoseconds) * 1e-18)
  // A pipe is not written to line by line.
  fflush(nil)
}
