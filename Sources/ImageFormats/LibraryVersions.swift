import CCharLS
import CDCMTK
import CDeflate
import COpenJPEG

/// The libraries that decode and encode, for the record: a picture's bytes depend on them.
public enum LibraryVersions {
  public static var all: [(name: String, version: String)] {
    [
      ("charls", unsafe String(cString: charls_get_version_string())),
      ("dcmtk", unsafe String(cString: cdcmtk_version())),
      ("libdeflate", LIBDEFLATE_VERSION_STRING),
      ("openjpeg", unsafe String(cString: opj_version())),
    ]
  }
}
