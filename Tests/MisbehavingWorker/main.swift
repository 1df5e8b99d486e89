// A worker that does to one source what real files do to real decoders; for tests alone.
//
//   MisbehavingWorker HOW TOKEN FIRST TIMES COUNTER --parent PID --memory-bytes N
//   MisbehavingWorker HOW TOKEN FIRST TIMES COUNTER --convert SOURCE --out DIR
//
// The second form is a supervisor of such workers, with the salt of the tests.
// It counts how often the source TOKEN is opened, by all workers together, in the length of the
// file COUNTER. From the opening number FIRST on (from 0) it misbehaves, TIMES times.
import Foundation
import GMAIPrep

let words = CommandLine.arguments

/// The word behind `--name`.
func option(_ name: String) -> String? {
  words.firstIndex(of: "--" + name).flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
}

guard words.count > 5, let first = Int(words[3]), let times = Int(words[4]) else { exit(64) }
let (how, token, counter) = (words[1], words[2], words[5])

if let source = option("convert"), let out = option("out") {
  var options = Conversion.Options(output: out)
  options.salt = Array("a salt for tests, nothing more".utf8)
  let worker = WorkerCommand(executable: "/proc/self/exe", arguments: Array(words[1...5]))
  _ = try Conversion(options, worker: worker).convert([source])
  exit(0)
}
guard let parent = option("parent").flatMap(Int.init),
  let memory = option("memory-bytes").flatMap(Int.init)
else { exit(64) }

/// How many openings there were before this one.
func openings() -> Int {
  let file = unsafe open(counter, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
  defer { close(file) }
  let end = lseek(file, 0, SEEK_END)
  unsafe write(file, ".", 1)
  return Int(end)
}

func misbehave() {
  switch how {
  case "kill": raise(SIGKILL)
  case "stop": raise(SIGSTOP)
  case "abort": abort()
  case "spin":
    // What has no effect an optimiser may leave out.
    while getppid() >= 0 {}
  case "allocate":
    var held: [[UInt8]] = []
    while held.count >= 0 { held.append([UInt8](repeating: 1, count: 1 << 24)) }
  default: exit(64)
  }
}

try WorkerLoop.run(parent: parent, memoryBytes: memory) { opened in
  guard opened == token else { return }
  let number = openings()
  if number >= first && number - first < times { misbehave() }
}
