// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/log_shape.hpp"

#include "chain/primitives/hex.hpp"
#include "chain/primitives/hex_kernels.hpp"
#include "chain/rpc/hex_quantity.hpp"

#include <algorithm>
#include <cstring>

namespace plimsoll::rpc {
namespace {

constexpr std::uint8_t kFree = 0x80;  // no byte of a frame that is plain ASCII
constexpr std::size_t kStep = 32;
constexpr std::size_t kMaxFrame = 4096;
constexpr std::size_t kMaxQuantityDigits = 16;
constexpr std::size_t kRead = 3;  // quantities that are fields of a log

bool is_plain_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < kFree; });
}

const bool kHasAvx2 = hex_kernels::has_avx2();

/// Whether the bytes are the pattern's, wherever it says which. Eight at a time.
bool same_plainly(const char* frame, const LogShape::Pattern& pattern) noexcept {
    std::uint64_t differ = 0;
    const std::uint8_t* wanted = pattern.bytes.data();
    for (const std::uint16_t at : pattern.places) {
        for (std::size_t i = 0; i < kStep; i += sizeof differ, wanted += sizeof differ) {
            std::uint64_t is = 0;
            std::uint64_t same = 0;
            std::memcpy(&is, frame + at + i, sizeof is);
            std::memcpy(&same, wanted, sizeof same);
            const std::uint64_t marks = same & 0x8080808080808080U;
            const std::uint64_t any = (marks - (marks >> 7U)) | marks;  // all bits of a free byte
            differ |= (is ^ same) & ~any;
        }
    }
    return differ == 0;
}

/// The parser took what stands there; that it was looked for at the right places is cheap to see.
bool is_whole(const LogPlaces& places, std::string_view frame, const Log& log) {
    const auto holds = [&](const TextPlace& place, std::size_t bytes) {
        return place.size == 2 + 2 * bytes && place.at + std::size_t{place.size} <= frame.size();
    };
    bool good = places.topic_count == log.topic_count && places.topic_count <= places.topics.size() &&
                holds(places.address, log.address.bytes.size()) && holds(places.data, log.data.size()) &&
                holds(places.block_hash, sizeof log.block_hash.bytes) &&
                holds(places.transaction_hash, sizeof log.transaction_hash.bytes);
    for (std::size_t i = 0; good && i < places.topic_count; ++i)
        good = holds(places.topics.at(i), sizeof log.topics[i].bytes);
    return good;
}

bool decode_at(const char* frame, std::uint32_t at, std::span<std::uint8_t> out) noexcept {
    return hex_kernels::decode_plainly({frame + at, 2 * out.size()}, out);
}

#if defined(__x86_64__)

/// The same with 32 bytes at a time: the sign bit is up where they are equal and where the pattern is free.
PLIMSOLL_HEX_AVX2 bool same_with_avx2(const char* frame, const LogShape::Pattern& pattern) noexcept {
    __m256i same = _mm256_set1_epi8(-1);
    const std::uint8_t* wanted = pattern.bytes.data();
    for (const std::uint16_t at : pattern.places) {
        const __m256i is = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(frame + at));
        const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(wanted));
        same = _mm256_and_si256(same, _mm256_or_si256(_mm256_cmpeq_epi8(is, bytes), bytes));
        wanted += kStep;
    }
    return _mm256_movemask_epi8(same) == -1;
}

/// The 16 characters in front of `end`, of which all but the last `count` count as zeros.
PLIMSOLL_HEX_AVX2 inline __m128i last_digits(const char* end, std::size_t count) noexcept {
    alignas(16) static constexpr std::array<std::uint8_t, 32> kKeep{
        0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(end - kMaxQuantityDigits));
    const __m128i keep = _mm_loadu_si128(reinterpret_cast<const __m128i*>(kKeep.data() + count));
    return _mm_blendv_epi8(_mm_set1_epi8('0'), text, keep);
}

/// Two quantities at once.
PLIMSOLL_HEX_AVX2 inline void read_two(__m128i first, __m128i second, std::uint64_t* out,
                                       __m256i& wrong) noexcept {
    const __m256i pairs = hex_kernels::digit_pairs(_mm256_set_m128i(second, first), wrong);
    const __m256i bytes = _mm256_packus_epi16(pairs, pairs);
    out[0] = __builtin_bswap64(static_cast<std::uint64_t>(_mm256_extract_epi64(bytes, 0)));
    out[1] = __builtin_bswap64(static_cast<std::uint64_t>(_mm256_extract_epi64(bytes, 2)));
}

#endif

}  // namespace

std::optional<LogShape> LogShape::of(std::string_view frame, const LogPlaces& places, const Log& log) {
    if (frame.size() > kMaxFrame || !is_plain_ascii(frame) || !is_whole(places, frame, log))
        return std::nullopt;
    LogShape out{frame, places, log};
    bool good = out.add(places.block_number, kMaxQuantityDigits, frame);
    good = good && out.add(places.transaction_index, 8, frame);
    good = good && out.add(places.index, 8, frame);
    for (const TextPlace& unread : places.unread)
        good = good && out.add(unread, kMaxQuantityDigits, frame);
    out.compress();
    // What it was made of is the first that it has to read.
    Log again;
    if (!good || !out.read_plainly(frame, again) || again != log) return std::nullopt;
    return out;
}

LogShape::LogShape(std::string_view frame, const LogPlaces& places, const Log& log)
    : size_{frame.size()},
      subscription_{places.subscription},
      address_{places.address.at + 2},
      block_hash_{places.block_hash.at + 2},
      transaction_hash_{places.transaction_hash.at + 2},
      topic_count_{places.topic_count},
      removed_{log.removed},
      data_{places.data.at + 2, places.data.size - 2} {
    pattern_.bytes.assign(frame.begin(), frame.end());
    for (std::size_t i = 0; i < topic_count_; ++i)
        topics_.at(i) = places.topics.at(i).at + 2;
    free(address_, 2 * static_cast<std::uint32_t>(log.address.bytes.size()));
    free(data_.at, data_.size);
    constexpr std::uint32_t kWordDigits = 64;
    free(block_hash_, kWordDigits);
    free(transaction_hash_, kWordDigits);
    for (std::size_t i = 0; i < topic_count_; ++i)
        free(topics_.at(i), kWordDigits);
}

void LogShape::free(std::uint32_t at, std::uint32_t size) {
    std::fill_n(pattern_.bytes.begin() + at, size, kFree);
}

/// Leaves out the stretches that are free.
void LogShape::compress() {
    std::vector<std::uint8_t> all;
    all.swap(pattern_.bytes);
    all.resize(all.size() + kStep, kFree);  // the last step may reach beyond the frame
    for (std::size_t at = 0; at < size_;) {
        if (all[at] == kFree) {
            ++at;
            continue;
        }
        pattern_.places.push_back(static_cast<std::uint16_t>(at));
        const auto first = all.begin() + static_cast<std::ptrdiff_t>(at);
        pattern_.bytes.insert(pattern_.bytes.end(), first, first + kStep);
        at += kStep;
    }
}

bool LogShape::add(TextPlace quantity, std::size_t max_digits, std::string_view frame) {
    const std::uint32_t end = quantity.at + quantity.size;
    const bool fits = quantity.size >= 3 && quantity.size - 2 <= max_digits && end >= kMaxQuantityDigits &&
                      end <= frame.size() && quantity_count_ < kMaxQuantities;
    if (!fits) return false;
    quantities_.at(quantity_count_++) = {end, quantity.size - 2};
    free(quantity.at + 2, quantity.size - 2);
    return true;
}

/// No quantity that is read has a leading zero.
bool LogShape::quantities_are_strict(const char* frame) const noexcept {
    bool strict = true;
    for (std::size_t i = 0; i < kRead; ++i) {
        const Digits& digits = quantities_[i];
        strict = strict && (digits.count == 1 || frame[digits.end - digits.count] != '0');
    }
    return strict;
}

void LogShape::take_rest(const std::array<std::uint64_t, kMaxQuantities>& quantities,
                         Log& out) const noexcept {
    out.topic_count = topic_count_;
    std::fill(out.topics.begin() + topic_count_, out.topics.end(), Hash32{});
    out.block_number.value = quantities[0];
    out.transaction_index = static_cast<std::uint32_t>(quantities[1]);
    out.index = static_cast<std::uint32_t>(quantities[2]);
    out.removed = removed_;
}

bool LogShape::read_plainly(std::string_view frame, Log& out) const noexcept {
    if (frame.size() != size_ || !same_plainly(frame.data(), pattern_)) return false;
    const char* const text = frame.data();
    bool good = quantities_are_strict(text) && decode_at(text, address_, out.address.bytes) &&
                decode_at(text, block_hash_, out.block_hash.bytes) &&
                decode_at(text, transaction_hash_, out.transaction_hash.bytes) &&
                decode_at(text, data_.at, out.data.resize(data_.size / 2));
    for (std::size_t i = 0; good && i < topic_count_; ++i)
        good = decode_at(text, topics_[i], out.topics[i].bytes);
    std::array<std::uint64_t, kMaxQuantities> quantities{};
    for (std::size_t i = 0; good && i < quantity_count_; ++i) {
        std::array<char, kMaxQuantityDigits> digits{};
        digits.fill('0');
        std::memcpy(digits.end() - quantities_[i].count, text + quantities_[i].end - quantities_[i].count,
                    quantities_[i].count);
        std::array<std::uint8_t, 8> bytes{};
        good = hex_kernels::decode_plainly({digits.data(), digits.size()}, bytes);
        for (const std::uint8_t byte : bytes)
            quantities[i] = quantities[i] << 8U | byte;
    }
    if (good) take_rest(quantities, out);
    return good;
}

#if defined(__x86_64__)

PLIMSOLL_HEX_AVX2 bool LogShape::read_with_avx2(const char* frame, Log& out) const noexcept {
    if (!same_with_avx2(frame, pattern_) || !quantities_are_strict(frame)) return false;
    __m256i wrong = _mm256_setzero_si256();
    hex_kernels::read_address(frame + address_, out.address.bytes.data(), wrong);
    hex_kernels::read_word(frame + block_hash_, out.block_hash.bytes.data(), wrong);
    hex_kernels::read_word(frame + transaction_hash_, out.transaction_hash.bytes.data(), wrong);
    for (std::size_t i = 0; i < topic_count_; ++i)
        hex_kernels::read_word(frame + topics_[i], out.topics[i].bytes.data(), wrong);
    const std::size_t data_size = data_.size / 2;
    const std::span<std::uint8_t> data = out.data.resize(data_size);
    std::size_t done = 0;
    for (; done + kStep <= data_size; done += kStep)
        hex_kernels::read_word(frame + data_.at + 2 * done, data.data() + done, wrong);
    if (done < data_size &&
        !decode_hex({frame + data_.at + 2 * done, 2 * (data_size - done)}, data.subspan(done)))
        return false;
    std::array<std::uint64_t, kMaxQuantities> quantities;
    for (std::size_t i = 0; i < quantity_count_; i += 2) {
        // The pair of an odd last one is itself.
        const Digits& second = quantities_[i + 1 < quantity_count_ ? i + 1 : i];
        read_two(last_digits(frame + quantities_[i].end, quantities_[i].count),
                 last_digits(frame + second.end, second.count), quantities.data() + i, wrong);
    }
    take_rest(quantities, out);
    return hex_kernels::all_digits(wrong);
}

bool LogShape::read(std::string_view frame, Log& out) const noexcept {
    if (!kHasAvx2) return read_plainly(frame, out);
    return frame.size() == size_ && read_with_avx2(frame.data(), out);
}

#else

bool LogShape::read(std::string_view frame, Log& out) const noexcept {
    return read_plainly(frame, out);
}

#endif

}  // namespace plimsoll::rpc
