// Once-only set-up of DCMTK's global state.
#pragma once

#include "dcmtk/config/osconfig.h"

#include "dcmtk/dcmdata/dctk.h"

#include <cstring>

namespace cdcmtk {

// Logger off, dictionary loaded, lenient parsing. Safe to call from any thread, any number of times.
void quiet();

// Keeps the words of a condition; they are DCMTK's constants.
inline void explain(const OFCondition &condition, char *cause) {
  std::strncpy(cause, condition.text(), 127);
  cause[127] = 0;
}

}  // namespace cdcmtk
