// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/log.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace plimsoll::rpc {

/// A string in a frame, from the first character behind its opening quote.
struct TextPlace {
    std::uint32_t at{};
    std::uint32_t size{};
};

/// Where a log's notification holds what it tells, as the JSON parser found it: strings of "0x" and digits.
struct LogPlaces {
    TextPlace subscription;
    TextPlace address;
    std::array<TextPlace, 4> topics{};
    std::uint8_t topic_count{};
    TextPlace data;
    TextPlace block_hash;
    TextPlace transaction_hash;
    TextPlace block_number;
    TextPlace transaction_index;
    TextPlace index;
    std::vector<TextPlace> unread;  // quantities that nobody asked for, such as blockTimestamp
};

/// What all notifications have in common that tell a log with the same keys in the same order and with fields
/// of the same lengths. A frame that differs from one that the JSON parser took in nothing but hex digits of
/// known fields is taken by the parser too, with these digits: so it need not be asked. Everything else is
/// the parser's to judge.
class LogShape {
  public:
    /// What has to be the same in every frame: steps of 32 bytes, one behind the other, and where in the
    /// frame each begins. A byte with its top bit set stands for any.
    struct Pattern {
        std::vector<std::uint8_t> bytes;
        std::vector<std::uint16_t> places;
    };

    /// `frame` was taken by the JSON parser as `log`. Nothing for what is not worth it: long or odd frames.
    [[nodiscard]] static std::optional<LogShape> of(std::string_view frame, const LogPlaces& places,
                                                    const Log& log);

    /// Reads a frame of this shape; the bytes behind it must be readable as MessageReader says. False for any
    /// other frame, and for one with a digit that is none; `out` is then as good as lost.
    [[nodiscard]] bool read(std::string_view frame, Log& out) const noexcept;
    /// The same, without what only some processors have.
    [[nodiscard]] bool read_plainly(std::string_view frame, Log& out) const noexcept;

    /// Of a frame of this shape.
    [[nodiscard]] std::string_view subscription(std::string_view frame) const noexcept {
        return frame.substr(subscription_.at, subscription_.size);
    }
    /// Bytes of a frame.
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

  private:
    /// The last character of a quantity's digits is in front of `end`.
    struct Digits {
        std::uint32_t end{};
        std::uint32_t count{};
    };
    static constexpr std::size_t kMaxQuantities = 6;

    LogShape(std::string_view frame, const LogPlaces& places, const Log& log);
    [[nodiscard]] bool add(TextPlace quantity, std::size_t max_digits, std::string_view frame);
    void compress();
    void free(std::uint32_t at, std::uint32_t size);
    [[nodiscard]] bool quantities_are_strict(const char* frame) const noexcept;
    void take_rest(const std::array<std::uint64_t, kMaxQuantities>& quantities, Log& out) const noexcept;
    [[nodiscard]] bool read_with_avx2(const char* frame, Log& out) const noexcept;

    Pattern pattern_;
    std::size_t size_;
    TextPlace subscription_;
    // Of the fields of fixed length the first digit.
    std::uint32_t address_;
    std::uint32_t block_hash_;
    std::uint32_t transaction_hash_;
    std::array<std::uint32_t, 4> topics_{};
    std::uint8_t topic_count_;
    bool removed_;
    TextPlace data_;  // the digits
    /// Block number, transaction index and log index, then what nobody reads.
    std::array<Digits, kMaxQuantities> quantities_{};
    std::size_t quantity_count_ = 0;
};

}  // namespace plimsoll::rpc
