#include "cdcmtk.h"
#include "quiet.h"

#include "dcmtk/dcmdata/dcistrma.h"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace {

// A nested item takes under 2 KiB of stack on its way down; sane files nest below twenty.
constexpr ptrdiff_t stack_for_nesting = 512 * 1024;
constexpr Uint32 longest_value_to_copy = 4096;

// Bytes in memory as DCMTK's source. It also watches how deep the parser has gone, since DCMTK
// recurses into sequences without a limit.
class MemoryProducer final : public DcmProducer {
 public:
  MemoryProducer(const char *bytes, size_t count) : bytes_(bytes), count_(count) {
    base_ = static_cast<const char *>(__builtin_frame_address(0));
  }

  OFBool good() const override { return status_.good(); }
  OFCondition status() const override { return status_; }
  OFBool eos() override { return at_ >= count_; }
  offile_off_t avail() override { return static_cast<offile_off_t>(count_ - at_); }

  offile_off_t read(void *buffer, offile_off_t wanted) override {
    const auto *here = static_cast<const char *>(__builtin_frame_address(0));
    if (std::abs(base_ - here) > stack_for_nesting) {
      too_deep_ = true;
      status_ = EC_CorruptedData;
    }
    if (status_.bad() || wanted <= 0) return 0;
    const size_t n = take(wanted);
    std::memcpy(buffer, bytes_ + at_, n);
    at_ += n;
    return static_cast<offile_off_t>(n);
  }

  offile_off_t skip(offile_off_t wanted) override {
    if (status_.bad() || wanted <= 0) return 0;
    const size_t n = take(wanted);
    at_ += n;
    return static_cast<offile_off_t>(n);
  }

  void putback(offile_off_t n) override {
    if (n < 0 || static_cast<size_t>(n) > at_) status_ = EC_PutbackFailed;
    else at_ -= static_cast<size_t>(n);
  }

  const char *here() const { return bytes_ + at_; }
  size_t left() const { return count_ - at_; }
  bool tooDeep() const { return too_deep_; }
  bool shortRead() const { return short_read_; }

 private:
  size_t take(offile_off_t wanted) {
    const size_t n = std::min(static_cast<size_t>(wanted), count_ - at_);
    if (n < static_cast<size_t>(wanted)) short_read_ = true;
    return n;
  }

  const char *bytes_;
  size_t count_;
  size_t at_ = 0;
  const char *base_;
  bool too_deep_ = false;
  bool short_read_ = false;
  OFCondition status_ = EC_Normal;
};

class MemoryStream;

class MemoryFactory final : public DcmInputStreamFactory {
 public:
  MemoryFactory(const char *bytes, size_t count) : bytes_(bytes), count_(count) {}
  DcmInputStream *create() const override;
  DcmInputStreamFactory *clone() const override { return new MemoryFactory(bytes_, count_); }
  DcmInputStreamFactoryType ident() const override { return DFT_DcmInputFileStreamFactory; }

 private:
  const char *bytes_;
  size_t count_;
};

class MemoryStream final : public DcmInputStream {
 public:
  MemoryStream(const char *bytes, size_t count)
      : DcmInputStream(&producer_), producer_(bytes, count) {}
  DcmInputStreamFactory *newFactory() const override {
    return new MemoryFactory(producer_.here(), producer_.left());
  }
  const MemoryProducer &producer() const { return producer_; }

 private:
  MemoryProducer producer_;
};

DcmInputStream *MemoryFactory::create() const { return new MemoryStream(bytes_, count_); }

E_TransferSyntax syntax(cdcmtk_encoding encoding) {
  switch (encoding) {
    case cdcmtk_implicit_little: return EXS_LittleEndianImplicit;
    case cdcmtk_explicit_little: return EXS_LittleEndianExplicit;
    case cdcmtk_explicit_big: return EXS_BigEndianExplicit;
    case cdcmtk_implicit_big: return EXS_BigEndianImplicit;
  }
  return EXS_LittleEndianImplicit;
}

DcmTagKey key(uint32_t tag) {
  return DcmTagKey(static_cast<Uint16>(tag >> 16), static_cast<Uint16>(tag));
}

DcmElement *find(const void *item, uint32_t tag) {
  auto *owner = static_cast<DcmItem *>(const_cast<void *>(item));
  DcmElement *element = nullptr;
  return owner->findAndGetElement(key(tag), element).good() ? element : nullptr;
}

DcmSequenceOfItems *sequence(DcmElement *element) {
  return element && element->ident() == EVR_SQ ? static_cast<DcmSequenceOfItems *>(element)
                                               : nullptr;
}

}  // namespace

struct cdcmtk_dataset {
  DcmDataset dataset;
};

cdcmtk_status cdcmtk_open(const void *bytes, size_t count, cdcmtk_encoding encoding, uint32_t stop,
                          cdcmtk_dataset **dataset, size_t *end, bool *short_read, char *cause) {
  *dataset = nullptr;
  *end = 0;
  *short_read = false;
  cause[0] = 0;
  try {
    cdcmtk::quiet();
    MemoryStream stream(static_cast<const char *>(bytes), count);
    auto *made = new cdcmtk_dataset;
    *dataset = made;
    made->dataset.transferInit();
    const OFCondition result = made->dataset.readUntilTag(
        stream, syntax(encoding), EGL_noChange, longest_value_to_copy, key(stop));
    made->dataset.transferEnd();
    *end = static_cast<size_t>(stream.tell());
    *short_read = stream.producer().shortRead();
    cdcmtk_status status = cdcmtk_ok;
    if (stream.producer().tooDeep()) status = cdcmtk_too_deep;
    else if (result == EC_MemoryExhausted) status = cdcmtk_memory;
    else if (result == EC_StreamNotifyClient || result == EC_InvalidStream ||
             result == EC_EndOfStream)
      status = cdcmtk_truncated;
    else if (result.bad()) status = cdcmtk_damaged;
    if (status == cdcmtk_ok) return status;
    cdcmtk::explain(result, cause);
    delete made;
    *dataset = nullptr;
    return status;
  } catch (const std::bad_alloc &) {
    delete *dataset;
    *dataset = nullptr;
    return cdcmtk_memory;
  } catch (...) {
    delete *dataset;
    *dataset = nullptr;
    return cdcmtk_damaged;
  }
}

void cdcmtk_close(cdcmtk_dataset *dataset) {
  try {
    delete dataset;
  } catch (...) {
  }
}

const void *cdcmtk_root(const cdcmtk_dataset *dataset) {
  return static_cast<const DcmItem *>(&dataset->dataset);
}

int64_t cdcmtk_find(const void *item, uint32_t tag, char vr[2], int64_t *items) {
  try {
    DcmElement *element = find(item, tag);
    if (!element) return -1;
    const char *name = DcmVR(element->getVR()).getValidVRName();
    vr[0] = name[0];
    vr[1] = name[1];
    auto *list = sequence(element);
    *items = list ? static_cast<int64_t>(list->card()) : -1;
    if (list) return 0;
    // A value that is stored elsewhere and lacks its end has a length that must not be believed;
    // reading it fails then.
    return static_cast<int64_t>(element->getLengthField());
  } catch (...) {
    return -1;
  }
}

cdcmtk_status cdcmtk_value(const void *item, uint32_t tag, void *out, size_t count) {
  try {
    DcmElement *element = find(item, tag);
    if (!element || count > element->getLengthField()) return cdcmtk_damaged;
    const OFCondition result = element->getPartialValue(
        out, 0, static_cast<Uint32>(count), nullptr, EBO_LittleEndian);
    return result.good() ? cdcmtk_ok : cdcmtk_damaged;
  } catch (const std::bad_alloc &) {
    return cdcmtk_memory;
  } catch (...) {
    return cdcmtk_damaged;
  }
}

cdcmtk_status cdcmtk_items(const void *item, uint32_t tag, const void **out, size_t count) {
  try {
    auto *list = sequence(find(item, tag));
    if (!list) return cdcmtk_damaged;
    DcmObject *each = nullptr;
    for (size_t i = 0; i < count; ++i) {
      each = list->nextInContainer(each);
      if (!each) return cdcmtk_damaged;
      out[i] = static_cast<const DcmItem *>(static_cast<DcmItem *>(each));
    }
    return cdcmtk_ok;
  } catch (...) {
    return cdcmtk_damaged;
  }
}

cdcmtk_status cdcmtk_inflate(const void *bytes, size_t count, size_t limit, uint8_t **out,
                             size_t *length) {
  *out = nullptr;
  *length = 0;
  uint8_t *buffer = nullptr;
  try {
    cdcmtk::quiet();
    MemoryStream stream(static_cast<const char *>(bytes), count);
    if (stream.installCompressionFilter(ESC_zlib).bad()) return cdcmtk_damaged;
    size_t room = 0, used = 0;
    while (!stream.eos() && stream.good()) {
      if (used == room) {
        if (room == limit) {
          std::free(buffer);
          return cdcmtk_too_long;
        }
        room = std::min(limit, std::max(size_t(64 * 1024), room * 2));
        auto *larger = static_cast<uint8_t *>(std::realloc(buffer, room));
        if (!larger) {
          std::free(buffer);
          return cdcmtk_memory;
        }
        buffer = larger;
      }
      const auto n = stream.read(buffer + used, static_cast<offile_off_t>(room - used));
      if (n <= 0) break;
      used += static_cast<size_t>(n);
    }
    *out = buffer;
    *length = used;
    if (stream.status().bad()) return cdcmtk_damaged;
    return stream.eos() ? cdcmtk_ok : cdcmtk_truncated;
  } catch (const std::bad_alloc &) {
    std::free(buffer);
    *out = nullptr;
    return cdcmtk_memory;
  } catch (...) {
    std::free(buffer);
    *out = nullptr;
    return cdcmtk_damaged;
  }
}

void cdcmtk_free(void *bytes) { std::free(bytes); }
