import Foundation
import TestSupport
import Testing

/// The whole corpus through the program, and what other people's readers say of it.
@Suite(.serialized, .needsCorpus) struct CorpusConversionTests {
  private static let accepting = "{burned_in: \"accept\", shard_megabytes: 1}"

  /// Every format, small shards, and every picture that may be used at all.
  private static func everything(_ bench: Bench, _ name: String, from root: String, jobs: Int)
    -> [String]
  {
    bench.words(name, from: [root], ["--format", "webdataset,llava", "--jobs", "\(jobs)"])
  }

  private static let inventory = Corpus.location.path + "/inventory.csv"

  /// A check that whoever keeps the corpus may keep beside it.
  private static let neighbour =
    Corpus.location.appending(path: "../check/dataset.py").standardizedFileURL.path

  /// Runs it; true where it found nothing, or is not there.
  private func satisfiesNeighbour(_ set: DataSetFolder, _ words: String...) throws -> Bool {
    guard FileManager.default.fileExists(atPath: Self.neighbour) else { return true }
    let program = """
      import runpy, sys, warnings
      warnings.filterwarnings("ignore")
      sys.argv = sys.argv[1:]
      runpy.run_path(sys.argv[0], run_name="__main__")
      """
    let said = try Peer.run(program, words: [Self.neighbour, set.url.path] + words)
    return said.contains(" 0 lost") && said.contains(" 0 problems")
  }

  @Test(.needsPeers)
  func `with the default recipe every picture is a sample or a reject`() throws {
    let bench = try Bench()
    let end = try bench.convert(from: [Corpus.location.path])
    #expect(end.code == 3)
    #expect(end.errors.isEmpty)
    // 945 rows of the inventory are DICOM with rows and columns.
    let said = try Peer.run(
      script: "data_set.py", [bench.dataSet().url.path, "--inventory", Self.inventory],
      in: bench.folder)
    #expect(said.contains("945 pictures accounted for"))
    #expect(try satisfiesNeighbour(bench.dataSet(), "--inventory", Self.inventory))

    // Pixels lead back to pydicom's modality values within half an 8-bit step, and to its and
    // nibabel's places in the patient.
    let back = try Peer.run(
      script: "back_to_values.py", [bench.dataSet().url.path, Corpus.location.path],
      in: bench.folder)
    let compared = try JSONDecoder().decode([String: Int].self, from: Data(back.utf8))
    for (what, least) in [
      ("CT", 51), ("MR", 655), ("X-ray", 18), ("PET", 1), ("inverted", 5), ("placed", 686),
      ("turned", 1),
    ] {
      #expect(compared[what] ?? 0 >= least, "\(what): \(compared)")
    }

    // Nothing is left over, and a second call changes nothing.
    let made = try bench.dataSet().contents()
    #expect(made.keys.filter { $0.contains(".part") }.isEmpty)
    let again = try bench.convert(from: [Corpus.location.path])
    #expect(again.code == 3)
    #expect(again.output == end.output)
    try bench.dataSet().expectBytes(made)
  }

  @Test(.needsPeers)
  func
    `the same bytes come of any number of jobs, of a copy elsewhere and after a kill, and name nobody`()
    throws
  {
    let bench = try Bench(recipe: Self.accepting)
    let corpus = Corpus.location.path
    let two = try Program(words: Self.everything(bench, "two", from: corpus, jobs: 2)).end()
    #expect(two.code == 3)
    let made = try bench.dataSet("two").contents()
    // Some 2700 names, numbers, dates, UIDs and file names are looked for.
    try Peer.run(
      script: "data_set.py",
      [bench.dataSet("two").url.path, "--source", corpus, "--inventory", Self.inventory],
      in: bench.folder)
    #expect(
      try satisfiesNeighbour(
        bench.dataSet("two"), "--source", corpus, "--inventory", Self.inventory))

    let copy = bench.folder.url("elsewhere")
    try FileManager.default.copyItem(at: Corpus.location, to: copy)
    let three = try Program(words: Self.everything(bench, "three", from: copy.path, jobs: 3)).end()
    #expect(three.code == 3)
    try bench.dataSet("three").expectBytes(made)

    let words = Self.everything(bench, "killed", from: corpus, jobs: 2)
    let killed = try Program(words: words)
    let results = bench.dataSet("killed").privateFolder.appending(path: "results")
    while killed.isRunning, FileManager.default.entries(results).count < 20 { usleep(1000) }
    killed.send(SIGKILL)
    #expect(try killed.end().signal == SIGKILL)
    #expect(!FileManager.default.fileExists(atPath: bench.folder.url("killed/dataset.json").path))
    let one = try Program(words: Self.everything(bench, "killed", from: corpus, jobs: 1)).end()
    #expect(one.code == 3)
    try bench.dataSet("killed").expectBytes(made)
  }
}

extension FileManager {
  /// The names in a folder; none where there is no folder.
  func entries(_ folder: URL) -> [String] { (try? contentsOfDirectory(atPath: folder.path)) ?? [] }
}
