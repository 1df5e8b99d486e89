import MedicalImaging

extension DICOMReport {
  /// Measurement groups, wherever they stand in the tree, in its order.
  public var measurementGroups: [MeasurementGroup] {
    var groups: [MeasurementGroup] = []
    root.visit { item, _ in
      if item.value == .container, ReportConcept.measurementGroup.matches(item.concept) {
        groups.append(group(item))
      }
    }
    return groups
  }

  private func group(_ container: ReportItem) -> MeasurementGroup {
    var group = MeasurementGroup()
    for item in container.children.map(resolved) {
      let concept = item.concept
      switch item.value {
      case .text(let text):
        switch concept {
        case _ where ReportConcept.trackingIdentifier.matches(concept):
          group.trackingIdentifier = text
        case _ where ReportConcept.timePoint.matches(concept): group.timePoint = text
        case _ where ReportConcept.activitySession.matches(concept): group.activitySession = text
        default:
          if let concept { group.evaluations.append(.init(concept: concept, answer: .text(text))) }
        }
      case .uid(let uid):
        if ReportConcept.trackingUID.matches(concept) { group.trackingUID = uid }
        if ReportConcept.sourceSeries.matches(concept) { group.sourceSeriesUIDs.append(uid) }
      case .code(let code):
        switch concept {
        case _ where ReportConcept.findingCategory.matches(concept): group.findingCategory = code
        case _ where ReportConcept.finding.matches(concept): group.finding = code
        case _ where ReportConcept.findingSite.matches(concept):
          group.sites.append(site(item, code))
        case _ where ReportConcept.method.matches(concept): group.method = code
        default:
          if let concept { group.evaluations.append(.init(concept: concept, answer: .code(code))) }
        }
      case .image(let image):
        if ReportConcept.referencedSegment.matches(concept) {
          group.regions.append(.segment(image))
        } else {
          group.images.append(image)
        }
      case .number(let number):
        if let concept { group.measurements.append(measurement(item, concept, number)) }
      case .withheld("NUM"):
        if let concept { group.measurements.append(measurement(item, concept, nil)) }
      default:
        if let region = region(item) { group.regions.append(region) }
      }
    }
    return group
  }

  private func measurement(_ item: ReportItem, _ concept: CodedConcept, _ number: ReportNumber?)
    -> MeasurementGroup.Measurement
  {
    var measurement = MeasurementGroup.Measurement(
      concept: concept, number: number, sites: [], regions: [], images: [])
    for child in item.children.map(resolved) {
      switch child.value {
      case .code(let code):
        if ReportConcept.derivation.matches(child.concept) { measurement.derivation = code }
        if ReportConcept.method.matches(child.concept) { measurement.method = code }
        if ReportConcept.findingSite.matches(child.concept) {
          measurement.sites.append(site(child, code))
        }
      case .image(let image): measurement.images.append(image)
      default:
        if let region = region(child) { measurement.regions.append(region) }
      }
    }
    return measurement
  }

  private func site(_ item: ReportItem, _ place: CodedConcept) -> MeasurementGroup.Site {
    func modifier(_ concept: ReportConcept) -> CodedConcept? {
      for child in item.children where concept.matches(child.concept) {
        if case .code(let code) = child.value { return code }
      }
      return nil
    }
    return .init(
      place: place, laterality: modifier(.laterality),
      topographicalModifier: modifier(.topographicalModifier))
  }

  private func region(_ item: ReportItem) -> MeasurementGroup.Region? {
    switch item.value {
    case .region(let shape):
      let images = item.children.map(resolved).compactMap { child -> ImageReference? in
        if case .image(let image) = child.value { image } else { nil }
      }
      return .shape(shape, on: images)
    case .spatialRegion(let shape): return .spatial(shape)
    default: return nil
    }
  }

  /// What an item that refers to another means: that one. One step alone, so that no circle is walked.
  private func resolved(_ item: ReportItem) -> ReportItem {
    guard case .reference(let path) = item.value else { return item }
    return root.item(at: path) ?? item
  }
}
