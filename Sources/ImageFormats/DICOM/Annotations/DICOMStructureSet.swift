import MedicalImaging

/// An RT structure set (PS3.3 A.19): contours around structures, in the patient.
public struct DICOMStructureSet: Sendable {
  /// One structure: a region of interest with its contours (PS3.3 C.8.8.5, C.8.8.6, C.8.8.8).
  public struct Structure: Hashable, Sendable {
    public var number: Int
    /// ROI Name, free text of whoever drew it: it may name a person.
    public var name: String
    /// The frame of reference that its points are given in; "" where it is not said.
    public var frameOfReferenceUID: String
    /// RT ROI Interpreted Type, upper case: "GTV", "ORGAN", "EXTERNAL"; "" where absent.
    public var interpretedType: String
    /// RT ROI Identification Code; nil where absent.
    public var identification: CodedConcept?
    /// ROI Generation Algorithm, upper case: "AUTOMATIC", "SEMIAUTOMATIC", "MANUAL"; "" where absent.
    public var algorithm: String
    /// ROI Display Color: red, green and blue, 0 to 255; nil where it is absent or impossible.
    public var color: [UInt8]?
    public var contours: [Contour]
  }

  /// Points in the order in which they are connected.
  public struct Contour: Hashable, Sendable {
    /// Contour Geometric Type (PS3.3 C.8.8.6.1).
    public enum Kind: String, Sendable, CaseIterable {
      case point = "POINT"
      case open = "OPEN_PLANAR"
      case openInSpace = "OPEN_NONPLANAR"
      /// The last point is connected with the first; the inside belongs to the structure.
      case closed = "CLOSED_PLANAR"
      /// The same; where several overlap, an even number of them is outside.
      case closedXOR = "CLOSEDPLANAR_XOR"

      /// Whether it has an inside.
      public var isClosed: Bool { self == .closed || self == .closedXOR }
    }

    public var kind: Kind
    /// LPS, millimetres.
    public var points: [Vector3]
    /// The pictures that it was drawn on; none where only its place says them.
    public var references: [ImageReference]
  }

  /// Who and which it is: personal data.
  public var identity: InstanceHeader.Identity
  /// Structure Set Label, free text.
  public var label: String
  /// In the order of the structure set.
  public var structures: [Structure]
  /// All pictures that it lists, or that a contour was drawn on, each once.
  public var references: [ImageReference]
  public var findings: [InstanceHeader.Finding]

  /// Those of the structures and of what is referenced, each once.
  public var framesOfReference: [String]
}
