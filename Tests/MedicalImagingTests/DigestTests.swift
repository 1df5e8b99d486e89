import MedicalImaging
import Testing

@Suite struct DigestTests {
  @Test func `SHA-256 equals the example of FIPS 180-4`() {
    #expect(
      SHA256.hash("abc").hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test func `a pseudonym is 128 bits of HMAC-SHA-256 over kind, 0 and value`() {
    // python: hmac.new(b"salt", b"study\0" + b"1.2.3", "sha256").hexdigest()[:32]
    let name = Pseudonyms(salt: Array("salt".utf8)).name("study", "1.2.3")
    #expect(name == "240723d76af33280001913038daad169")
  }
}
