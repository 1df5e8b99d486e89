#include "cdcmtk.h"
#include "quiet.h"

#include "dcmtk/dcmjpeg/djcparam.h"
#include "dcmtk/dcmjpeg/djdijg12.h"
#include "dcmtk/dcmjpeg/djdijg16.h"
#include "dcmtk/dcmjpeg/djdijg8.h"

#include <new>

namespace {

// The last row of a picture, marked so that it shows whether it has been written. Until then a
// warning means that samples were made up; afterwards, that padding follows.
class LastRow {
 public:
  LastRow(uint8_t *out, size_t size, size_t row) : start_(out + size - row), row_(row) {
    for (size_t i = 0; i < row_; ++i) start_[i] = mark(i);
  }
  bool isWritten() const {
    for (size_t i = 0; i < row_; ++i)
      if (start_[i] != mark(i)) return true;
    return false;
  }

 private:
  static uint8_t mark(size_t i) { return static_cast<uint8_t>(i * 37 + 165); }
  uint8_t *start_;
  size_t row_;
};

// The decoders report what they mend through this hook; level -1 is a warning.
template <class Decoder>
class Counting final : public Decoder {
 public:
  Counting(const DJCodecParameter &parameters, const LastRow &last, int *warnings)
      : Decoder(parameters, OFFalse), last_(last), warnings_(warnings) {}
  void emitMessage(int level) const override {
    if (level < 0 && !last_.isWritten()) ++*warnings_;
  }

 private:
  const LastRow &last_;
  int *warnings_;
};

template <class Decoder>
cdcmtk_status decode(const uint8_t *bytes, size_t count, uint8_t *out, size_t size, size_t row,
                     int *warnings, char *cause) {
  const DJCodecParameter parameters(ECC_lossyYCbCr, EDC_never, EUC_never, EPC_default);
  const LastRow last(out, size, row);
  Counting<Decoder> decoder(parameters, last, warnings);
  const auto room = static_cast<Uint32>(size);
  OFCondition result = decoder.init();
  if (result.good())
    result = decoder.decode(const_cast<Uint8 *>(bytes), static_cast<Uint32>(count), out, room,
                            OFFalse);
  if (result == EJ_Suspension) {
    // Some writers leave the end marker out. With it a complete picture finishes silently, a
    // truncated one with a warning.
    Uint8 end[] = {0xFF, 0xD9};
    result = decoder.decode(end, sizeof end, out, room, OFFalse);
  }
  if (result.good() || (result == EJ_Suspension && last.isWritten())) return cdcmtk_ok;
  cdcmtk::explain(result, cause);
  return result == EJ_Suspension ? cdcmtk_truncated : cdcmtk_damaged;
}

}  // namespace

cdcmtk_status cdcmtk_jpeg(const uint8_t *bytes, size_t count, int precision, void *out, size_t size,
                          size_t row, int *warnings, char *cause) {
  *warnings = 0;
  cause[0] = 0;
  if (count > 0xFFFFFFFFu || size > 0xFFFFFFFFu) return cdcmtk_too_long;
  if (row > size) return cdcmtk_damaged;
  auto *to = static_cast<uint8_t *>(out);
  try {
    cdcmtk::quiet();
    if (precision <= 8)
      return decode<DJDecompressIJG8Bit>(bytes, count, to, size, row, warnings, cause);
    if (precision <= 12)
      return decode<DJDecompressIJG12Bit>(bytes, count, to, size, row, warnings, cause);
    return decode<DJDecompressIJG16Bit>(bytes, count, to, size, row, warnings, cause);
  } catch (const std::bad_alloc &) {
    return cdcmtk_memory;
  } catch (...) {
    return cdcmtk_damaged;
  }
}
