import MedicalImaging
import Preprocessing
import TestSupport
import Testing

@testable import TrainingData

@Suite struct SampleTests {
  @Test func `a row has its fields in the order of the contract, null where they do not apply`()
    throws
  {
    let json = String(decoding: Samples.json(try Samples.plain()), as: UTF8.self)
    #expect(
      json == """
        {"id":"2d#caption#other#set#p#s/s/0123456789abcdef.0.png",\
        "image":"0123456789abcdef.0.png","width":640,"height":480,\
        "conversations":[{"from":"human","value":"<image>\\nDescribe this image."},\
        {"from":"gpt","value":"This is an image."}],"modality":"other","dicom_modality":null,\
        "department":null,"task":null,"granularity":"image","language":"en","split":"train",\
        "labels":[],"pictures":[{"width":640,"height":480,\
        "source_sha256":["\(String(repeating: "a", count: 64))"],\
        "instances":["\(String(repeating: "b", count: 32))"],\
        "selection":{"kind":"frame","plane":null,"index":0,"frame":null,"level":null,"rect":null,\
        "areas":[],"mended":[],"projections":[],"channels":[],"microns_per_pixel":null,"optical_path":null,"focal_plane":null,"tissue":null},"modality_values":null,"display":{"kind":"none","channels":[],\
        "inverted":false,"lut":null,"icc":false,"landmarks":null,"stain":null},\
        "source_from_pixel":[[1.0,0.0,0.0],[0.0,1.0,0.0],[0.0,0.0,1.0]],"pixel_to_patient":null,\
        "patient_orientation":null,\
        "tiles":{"policy":"internvl","tile_size":448,"columns":4,"rows":3,"thumbnail":true,\
        "tokens":3328,"tile":null,"canvas":[1792,1344],"content":[0.0,0.0,1792.0,1344.0],\
        "millimetres_per_pixel":null}}],"provenance":{"subject":"p","study":"s","series":"s","gaps":[],\
        "text":{"method":"template","template":"caption.0.0","model":null,"prompt_sha256":null,\
        "seed":1},"recipe_sha256":"\(String(repeating: "c", count: 64))","tool_version":"0.1.0"}}
        """)
    // 4 x 3 tiles and a thumbnail of 256 tokens each: 13 x 256 = 3328.
  }

  @Test func `what is known stands in the same places, fractional fields with a point`() throws {
    let json = String(decoding: Samples.json(try Samples.full()), as: UTF8.self)
    for part in [
      #""dicom_modality":"CT","department":"Pulmonary Medicine","task":"OR-T""#,
      #""selection":{"kind":"slice","plane":"oblique","index":7,"frame":41,"level":null,"#
        + #""rect":[4,2,30,20],"areas":[{"source":"ultrasound","shape":"rectangle","#
        + #""numbers":[4.0,2.0,30.0,20.0]},{"source":"shutter","shape":"circle","#
        + #""numbers":[12.5,8.0,9.25]},{"source":"collimator","shape":"polygon","#
        + #""numbers":[0.0,1.0,40.0,2.0,20.0,30.0]}],"mended":["gaps","tilt"],"#
        + #""projections":[{"kind":"mean","over":"volumes","count":3}],"channels":[6,7,8],"microns"#,
      #""modality_values":{"kind":"linear","slope":0.5,"intercept":-1024.25,"units":"HU","lut":null}"#,
      // C.11.2.1.2: black up to c - 0.5 - (w - 1) / 2 = 40 - 199.625, white above 40 + 199.625.
      #""display":{"kind":"window","channels":[{"low":-159.625,"high":239.625,"center":40.5,"#
        + #""width":400.25,"function":"LINEAR"}],"inverted":true,"lut":null,"icc":false,"#
        + #""landmarks":null,"stain":{"method":"reinhard","source":[[8.0,0.0,0.5],[1.0,2.0,3.0]],"#
        + #""target":[[9.0,0.0,0.0],[1.0,1.0,1.5]]}}"#,
      #""pixel_to_patient":[[0.7,0.0,0.0,-170.3],[0.0,0.7,0.0,1.0e-07],"#,
      #""patient_orientation":["A","FR"],"tiles""#,
      #""gaps":[{"kind":"uneven","after":3,"planes":0,"millimetres":4.5}]"#,
    ] {
      #expect(json.contains(part), "\(part)")
    }
  }

  @Test func `tables are named by their hash, and only whole numbers have no point`() throws {
    var sample = try Samples.full()
    let table = LookupTable(firstMapped: -3, bits: 12, entries: [0, 9, 4095])
    sample.pictures[0].modality = .table(table)
    sample.pictures[0].mapping = try DisplayMapping(.lut(table))
    let json = String(decoding: Samples.json(sample), as: UTF8.self)
    #expect(
      json.contains(
        #""modality_values":{"kind":"lut","slope":null,"intercept":null,"units":"HU","lut":""#
          + table.sha256 + #""}"#))
    #expect(
      json.contains(
        #""display":{"kind":"lut","channels":[],"inverted":false,"lut":""# + table.sha256))
    sample.pictures[0].mapping = try DisplayMapping(.range(low: -5, high: 7))
    let range = String(decoding: Samples.json(sample), as: UTF8.self)
    #expect(
      range.contains(
        #""display":{"kind":"range","channels":[{"low":-5.0,"high":7.0,"center":null,"#
          + #""width":null,"function":null}]"#))
  }

  @Test func `landmarks are pairs of a value and what it is shown as`() throws {
    var sample = try Samples.full()
    sample.pictures[0].stain = nil
    sample.pictures[0].mapping = try DisplayMapping(
      .points([
        .init(value: -3, display: 0), .init(value: 7.5, display: 0.25), .init(value: 9, display: 1),
      ]))
    let json = String(decoding: Samples.json(sample), as: UTF8.self)
    #expect(
      json.contains(
        #""display":{"kind":"landmarks","channels":[{"low":-3.0,"high":9.0,"center":null,"#
          + #""width":null,"function":null}],"inverted":false,"lut":null,"icc":false,"#
          + #""landmarks":[[-3.0,0.0],[7.5,0.25],[9.0,1.0]],"stain":null}"#))
  }

  /// Readers that infer types from the first rows fail late in long sets, or take what comes last
  /// for null: the features of dataset.json are what a set is read with.
  @Test(.needsPeers)
  func `a row whose fields and fractions first occur as the last of 50,000 loads with datasets`()
    throws
  {
    let folder = try TemporaryFolder()
    try folder.write(Samples.json(try Samples.plain()), to: "plain.json")
    try folder.write(Samples.json(try Samples.full()), to: "full.json")
    try folder.write(Array(SampleFeatures.json(several: false).compact.utf8), to: "features.json")
    let said = try Peer.run(script: "late_row.py", in: folder)
    #expect(
      said == """
        rows.json with features: 50000 rows, the last as it was written
        rows.jsonl with features: 50000 rows, the last as it was written

        """)
  }
}
