@_exported import ImageFormats
@_exported import MedicalImaging
@_exported import Preprocessing
@_exported import SampleData
@_exported import TrainingData
