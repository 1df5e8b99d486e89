/// Which parts of a picture its header tells apart.
public struct PictureAreas: Codable, Hashable, Sendable {
  /// Regions of an ultrasound picture that lie in it, in the order of the header.
  public var ultrasound: [UltrasoundRegion] = []
  /// Where the X-ray beam passed: inside all of these at once (PS3.3 C.8.7.3); none where the header
  /// says nothing.
  public var collimator: [PlaneShape] = []
  /// What a display is to show: inside all of these at once (PS3.3 C.7.6.11).
  public var shutter: [PlaneShape] = []

  public init() {}
}

/// One region of an ultrasound picture (PS3.3 C.8.5.5).
public struct UltrasoundRegion: Codable, Hashable, Sendable {
  /// Of its first and last pixel, which are a part of it, counted from 0.
  public var columns: ClosedRange<Int>
  public var rows: ClosedRange<Int>
  /// Region Spatial Format: 1 2D, 2 M-mode, 3 spectral, 4 wave form, 5 graphics, 0 none of them.
  public var spatialFormat: Int
  /// Region Data Type: 1 tissue, 2 colour flow, 3 and 4 spectral Doppler, others traces, bars and
  /// graphics.
  public var dataType: Int

  public init(columns: ClosedRange<Int>, rows: ClosedRange<Int>, spatialFormat: Int, dataType: Int)
  {
    self.columns = columns
    self.rows = rows
    self.spatialFormat = spatialFormat
    self.dataType = dataType
  }

  /// Whether it shows what echoes said: tissue, flow in it, or a Doppler spectrum, in two dimensions or
  /// over time. A trace of another signal, a bar of greys and graphics do not.
  public var isOfEchoes: Bool {
    (1...3).contains(spatialFormat) && (1...4).contains(dataType)
  }
}
