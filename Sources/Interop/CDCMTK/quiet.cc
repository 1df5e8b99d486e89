#include "quiet.h"
#include "cdcmtk.h"

#include "dcmtk/oflog/oflog.h"

#include <mutex>

void cdcmtk::quiet() {
  static std::once_flag once;
  std::call_once(once, [] {
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    dcmIgnoreParsingErrors.set(OFTrue);
    dcmEnableUnknownVRConversion.set(OFTrue);
    dcmReplaceWrongDelimitationItem.set(OFTrue);
    // The first data set reads the dictionary from its file; afterwards it is only read.
    dcmDataDict.isDictionaryLoaded();
    DcmTag(DCM_PixelData).getVRName();
  });
}

extern "C" const char *cdcmtk_version(void) { return OFFIS_DCMTK_VERSION_STRING; }
