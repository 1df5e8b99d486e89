import ImageFormats
import MedicalImaging

/// A person who does not exist, and says so in every field.
struct SamplePatient: Sendable {
  let number: Int
  let name: String
  /// F, M or O.
  let sex: String
  let birthDate: String
  /// Specific Character Set, "" for the default repertoire.
  var characterSet = ""

  var id: String { "SYNTHETIC-" + SampleMedium.digits(number, 4) }
}

/// A visit of a patient.
struct SampleStudy: Sendable {
  let patient: SamplePatient
  var number = 0
  let date: String
  let description: String

  var time: String { "1" + String(patient.number % 10) + "30" + SampleMedium.digits(number, 2) }
  var uid: String { SampleUID.make("study", patient.number, number) }
}

/// A series of a study, and what all its instances say.
struct SampleSeries: Sendable {
  let study: SampleStudy
  /// Series Number, from 1.
  let number: Int
  let modality: String
  let description: String
  let sopClassUID: String
  var bodyPart = ""
  /// Series with one number share a frame of reference.
  var frameOfReference = 0

  /// Folders of the medium.
  var folders: [String] {
    [
      "PAT" + SampleMedium.digits(study.patient.number, 3),
      "ST" + SampleMedium.digits(study.number, 3), "SE" + SampleMedium.digits(number - 1, 3),
    ]
  }

  /// The modules that do not depend on the picture, for the instance with this number, from 1.
  func object(instance: Int) -> DICOMObject {
    let patient = study.patient
    var object = DICOMObject()
    if !patient.characterSet.isEmpty {
      object.set(.specificCharacterSet, patient.characterSet)
    }
    object.set(.sopClassUID, sopClassUID)
    object.set(
      .sopInstanceUID, SampleUID.make("instance", patient.number, study.number, number, instance))
    object.set(.patientName, patient.name)
    object.set(.patientID, patient.id)
    object.set(.issuerOfPatientID, "GMAI-PREP SAMPLE")
    object.set(.patientBirthDate, patient.birthDate)
    object.set(.patientSex, patient.sex)
    object.set(.studyInstanceUID, study.uid)
    object.set(.studyDate, study.date)
    object.set(.studyTime, study.time)
    object.set(.studyID, String(study.number + 1))
    object.set(.accessionNumber, "SYN" + SampleMedium.digits(patient.number * 10 + study.number, 6))
    object.set(.referringPhysicianName, "Phantom^Referrer")
    object.set(.studyDescription, study.description)
    object.set(.seriesInstanceUID, SampleUID.make("series", patient.number, study.number, number))
    object.set(.seriesNumber, number)
    object.set(.modality, modality)
    object.set(.seriesDescription, description)
    object.set(.seriesDate, study.date)
    object.set(.seriesTime, study.time)
    object.set(.contentDate, study.date)
    object.set(.contentTime, study.time)
    object.set(.instanceNumber, instance)
    object.set(.manufacturer, "gmai-prep phantom")
    object.set(.institutionName, "Synthetic Hospital")
    object.set(.manufacturerModelName, "Phantom")
    object.set(.deviceSerialNumber, "0")
    object.set(.softwareVersions, "1")
    if !bodyPart.isEmpty { object.set(.bodyPartExamined, bodyPart) }
    return object
  }

  /// The frame of reference that makes positions of several series comparable.
  var frameOfReferenceUID: String {
    SampleUID.make("frame of reference", study.patient.number, study.number, frameOfReference)
  }
}

/// Identifiers of the export: the same in every export, under 2.25.
enum SampleUID {
  static func make(_ kind: String, _ numbers: Int...) -> String {
    let path = numbers.map(String.init).joined(separator: "/")
    return DICOMUID.derived(from: SHA256.hash("gmai-prep sample/\(kind)/\(path)"))
  }
}
