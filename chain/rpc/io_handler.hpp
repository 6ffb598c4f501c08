// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <utility>

namespace plimsoll::rpc {

/// What is to be called when a read or a write is done: any callable, movable, called at most once.
class IoHandler {
  public:
    template <class Callable>
    explicit IoHandler(Callable callable) : inside_{std::make_unique<Model<Callable>>(std::move(callable))} {}

    void operator()(const boost::system::error_code& error, std::size_t size) {
        const std::unique_ptr<Concept> inside = std::move(inside_);
        inside->call(error, size);
    }

  private:
    struct Concept {
        virtual ~Concept() = default;
        virtual void call(const boost::system::error_code& error, std::size_t size) = 0;
    };
    template <class Callable>
    struct Model final : Concept {
        explicit Model(Callable&& callable) : call_{std::move(callable)} {}
        void call(const boost::system::error_code& error, std::size_t size) override { call_(error, size); }
        Callable call_;
    };
    std::unique_ptr<Concept> inside_;
};

/// The first few pieces of somebody's buffers; a partial read or write may always move less than was offered.
template <class Buffer>
class Pieces {
  public:
    template <class Sequence>
    explicit Pieces(const Sequence& buffers) {
        const auto end = boost::asio::buffer_sequence_end(buffers);
        for (auto it = boost::asio::buffer_sequence_begin(buffers); it != end && count_ < all_.size(); ++it) {
            const Buffer piece{*it};
            if (piece.size() != 0) all_[count_++] = piece;
        }
    }
    [[nodiscard]] const Buffer* begin() const noexcept { return all_.data(); }
    [[nodiscard]] const Buffer* end() const noexcept { return all_.data() + count_; }
    [[nodiscard]] std::size_t size() const noexcept { return count_; }

  private:
    std::array<Buffer, 24> all_{};  // an HTTP head is a dozen, one for each header
    std::size_t count_ = 0;
};

}  // namespace plimsoll::rpc
