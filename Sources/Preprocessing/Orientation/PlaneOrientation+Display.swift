import MedicalImaging

extension PlaneOrientation {
  /// How a slice lies, seen from how it is shown: turned and flipped, never resampled, so that the
  /// patient's left is on the right of the picture (in sagittal planes the back is), and the head or
  /// the front at the top, as radiologists look at it.
  ///
  /// An oblique slice is shown as the plane that its rows and columns are nearest to.
  public init(showing plane: PlaneGeometry) {
    let (across, down) = (plane.alongRow, plane.alongColumn)
    // The axes of the patient that columns and rows run along, as nearly as can be: LPS. Of equally
    // near ones the first is taken: an axial plane before a coronal, that before a sagittal.
    var nearest = (axes: (0, 1), nearness: -1.0)
    for axes in [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)] {
      let nearness = across[axes.0].magnitude + down[axes.1].magnitude
      // A little more is rounding, not another plane.
      if nearness > nearest.nearness + 1e-6 { nearest = (axes, nearness) }
    }
    let (acrossAxis, downAxis) = nearest.axes
    // Columns run to the left, of sagittal planes to the back; rows to the back or to the feet.
    let swaps = acrossAxis > downAxis
    let (horizontal, vertical) =
      swaps ? (down[downAxis], across[acrossAxis]) : (across[acrossAxis], down[downAxis])
    let isAxial = max(acrossAxis, downAxis) == 1
    self.init(
      swapsAxes: swaps, flipsColumns: horizontal < 0,
      flipsRows: isAxial ? vertical < 0 : vertical > 0)
  }
}
