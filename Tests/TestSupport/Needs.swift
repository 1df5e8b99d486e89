import Testing

extension Trait where Self == ConditionTrait {
  /// The test reads the corpus: skipped without it, failed where GMAI_PREP_REQUIRE_CORPUS is 1.
  public static var needsCorpus: Self {
    .enabled("needs the test corpus; set GMAI_PREP_CORPUS") {
      Corpus.isPresent || Environment.requiresEverything
    }
  }

  /// The test asks a Python peer: skipped without one, failed where GMAI_PREP_REQUIRE_CORPUS is 1.
  public static var needsPeers: Self {
    .enabled("needs the Python peers; `Tests/run` sets them up") {
      Peer.isExpected
    }
  }
}
