import CCharLS
import CDCMTK
import CISAL
import CLCMS
import COpenJPEG
import CPNG
import CTIFF

/// The libraries that decode and encode, for the record: a picture's bytes depend on them.
public enum LibraryVersions {
  public static var all: [(name: String, version: String)] {
    [
      ("charls", unsafe String(cString: charls_get_version_string())),
      ("dcmtk", unsafe String(cString: cdcmtk_version())),
      ("isa-l", unsafe String(cString: cisal_version())),
      ("lcms2", "\(cmsGetEncodedCMMversion() / 1000).\(cmsGetEncodedCMMversion() % 1000 / 10)"),
      ("libpng", unsafe String(cString: cpng_version())),
      ("libtiff", unsafe String(cString: ctiff_version())),
      ("openjpeg", unsafe String(cString: opj_version())),
      ("openslide", OpenSlideHandle.libraryVersion ?? "not installed"),
    ]
  }
}
