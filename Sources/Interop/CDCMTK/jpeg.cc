#include "cdcmtk.h"
#include "quiet.h"

#include "dcmtk/dcmjpeg/djcparam.h"
#include "dcmtk/dcmjpeg/djdijg12.h"
#include "dcmtk/dcmjpeg/djdijg16.h"
#include "dcmtk/dcmjpeg/djdijg8.h"

#include <new>

namespace {

// The decoders report what they mend through this hook; level -1 is a warning.
template <class Decoder>
class Counting final : public Decoder {
 public:
  Counting(const DJCodecParameter &parameters, int *warnings)
      : Decoder(parameters, OFFalse), warnings_(warnings) {}
  void emitMessage(int level) const override {
    if (level < 0) ++*warnings_;
  }

 private:
  int *warnings_;
};

template <class Decoder>
cdcmtk_status decode(const uint8_t *bytes, size_t count, void *out, size_t size, bool is_signed,
                     int *warnings, char *cause) {
  const DJCodecParameter parameters(ECC_lossyYCbCr, EDC_never, EUC_never, EPC_default);
  Counting<Decoder> decoder(parameters, warnings);
  OFCondition result = decoder.init();
  if (result.good())
    result = decoder.decode(const_cast<Uint8 *>(bytes), static_cast<Uint32>(count),
                            static_cast<Uint8 *>(out), static_cast<Uint32>(size), is_signed);
  if (result == EJ_Suspension) {
    // Some writers leave the end marker out. With it a complete picture finishes silently, a
    // truncated one with a warning.
    Uint8 end[] = {0xFF, 0xD9};
    result = decoder.decode(end, sizeof end, static_cast<Uint8 *>(out), static_cast<Uint32>(size),
                            is_signed);
  }
  if (result.good()) return cdcmtk_ok;
  cdcmtk::explain(result, cause);
  return result == EJ_Suspension ? cdcmtk_truncated : cdcmtk_damaged;
}

}  // namespace

cdcmtk_status cdcmtk_jpeg(const uint8_t *bytes, size_t count, int precision, void *out, size_t size,
                          bool is_signed, int *warnings, char *cause) {
  *warnings = 0;
  cause[0] = 0;
  if (count > 0xFFFFFFFFu || size > 0xFFFFFFFFu) return cdcmtk_too_long;
  try {
    cdcmtk::quiet();
    if (precision <= 8)
      return decode<DJDecompressIJG8Bit>(bytes, count, out, size, is_signed, warnings, cause);
    if (precision <= 12)
      return decode<DJDecompressIJG12Bit>(bytes, count, out, size, is_signed, warnings, cause);
    return decode<DJDecompressIJG16Bit>(bytes, count, out, size, is_signed, warnings, cause);
  } catch (const std::bad_alloc &) {
    return cdcmtk_memory;
  } catch (...) {
    return cdcmtk_damaged;
  }
}
