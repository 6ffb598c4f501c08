// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace plimsoll::strategy {

/// A growing array whose elements never move: it grows by whole chunks, so that a push costs the same at any
/// size and a reference stays good until its element is popped.
template <class T, std::size_t kChunk = 4096>
class ChunkedVector {
  public:
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

    [[nodiscard]] T& operator[](std::size_t index) noexcept {
        return (*chunks_[index / kChunk])[index % kChunk];
    }
    [[nodiscard]] const T& operator[](std::size_t index) const noexcept {
        return (*chunks_[index / kChunk])[index % kChunk];
    }
    [[nodiscard]] const T& back() const noexcept { return (*this)[size_ - 1]; }

    void push_back(T value) {
        if (size_ == chunks_.size() * kChunk) chunks_.push_back(std::make_unique<std::array<T, kChunk>>());
        ++size_;
        (*this)[size_ - 1] = std::move(value);
    }
    /// So many default values more.
    void extend(std::size_t count) {
        while (size_ + count > chunks_.size() * kChunk)
            chunks_.push_back(std::make_unique<std::array<T, kChunk>>());
        size_ += count;
    }
    void pop_back() noexcept {
        --size_;
        (*this)[size_] = T{};
    }
    [[nodiscard]] std::size_t bytes() const noexcept { return chunks_.size() * kChunk * sizeof(T); }
    void clear() noexcept {
        chunks_.clear();
        size_ = 0;
    }

  private:
    std::vector<std::unique_ptr<std::array<T, kChunk>>> chunks_;
    std::size_t size_ = 0;
};

}  // namespace plimsoll::strategy
