// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/recycling_allocator.hpp>
#include <boost/system/error_code.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace plimsoll::rpc {

/// What is to be called when a read or a write is done: any callable, movable, called at most once. Its
/// memory comes from what the event loop keeps for operations, and is given back before the call, for the
/// next one.
class IoHandler {
  public:
    template <class Callable>
    explicit IoHandler(Callable callable) : inside_{Model<Callable>::make(std::move(callable))} {}

    void operator()(const boost::system::error_code& error, std::size_t size) {
        inside_.release()->call_and_end(error, size);
    }

  private:
    struct Concept {
        virtual void call_and_end(const boost::system::error_code& error, std::size_t size) = 0;
        virtual void end() noexcept = 0;

      protected:
        ~Concept() = default;
    };
    struct End {
        void operator()(Concept* inside) const noexcept { inside->end(); }
    };

    template <class Callable>
    class Model final : public Concept {
      public:
        static Concept* make(Callable&& callable) {
            std::unique_ptr<Model, GiveBack> place{Memory{}.allocate(1)};
            new (place.get()) Model(std::move(callable));
            return place.release();
        }
        void call_and_end(const boost::system::error_code& error, std::size_t size) override {
            Callable call{std::move(call_)};
            end();
            call(error, size);
        }
        void end() noexcept override {
            this->~Model();
            Memory{}.deallocate(this, 1);
        }

      private:
        using Memory = boost::asio::recycling_allocator<Model>;
        struct GiveBack {
            void operator()(Model* place) const noexcept { Memory{}.deallocate(place, 1); }
        };
        explicit Model(Callable&& callable) : call_{std::move(callable)} {}
        ~Model() = default;
        Callable call_;
    };
    std::unique_ptr<Concept, End> inside_;
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
