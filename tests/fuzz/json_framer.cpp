// SPDX-License-Identifier: Apache-2.0
// The framer of a stream of JSON messages (ipc). Input: the size of the pieces the stream arrives in, then
// the stream.
#include "chain/rpc/json_framer.hpp"

#include "tests/fuzz/input.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::fuzz {
namespace {

constexpr std::size_t kMaxMessage = 4'096;

struct Framed {
    std::vector<std::string> frames;
    std::size_t consumed = 0;
    bool failed = false;
    friend bool operator==(const Framed&, const Framed&) = default;
};

/// Takes frames out of `held` as a transport does; false if the stream cannot be followed any more.
bool take_frames(rpc::JsonFramer& framer, std::string& held, Framed& out) {
    for (;;) {
        const auto frame = framer.next(held);
        if (!frame) {
            out.failed = true;
            return false;
        }
        if (!*frame) return true;
        const auto [begin, end] = **frame;
        require(begin < end && end <= held.size(), "a frame lies in the bytes that were given");
        require(end - begin <= kMaxMessage, "a frame is not above the limit");
        require(held[begin] == '{' || held[begin] == '[', "a frame begins an object or an array");
        require(held[end - 1] == '}' || held[end - 1] == ']', "a frame ends an object or an array");
        out.frames.push_back(held.substr(begin, end - begin));
        out.consumed += end;
        held.erase(0, end);
    }
}

Framed frames_of(std::string_view stream, std::size_t piece) {
    rpc::JsonFramer framer{kMaxMessage};
    Framed out;
    std::string held;
    while (!stream.empty()) {
        const std::string_view part = stream.substr(0, piece);
        held += part;
        stream.remove_prefix(part.size());
        if (!take_frames(framer, held, out)) break;
        require(held.size() <= kMaxMessage + 1, "what is held back is bounded");
    }
    return out;
}

}  // namespace

void run(BytesView data) {
    Input input{data};
    const std::size_t piece = 1U + input.byte() % 64U;
    const BytesView rest = input.rest();
    const std::string_view stream{reinterpret_cast<const char*>(rest.data()), rest.size()};
    const Framed cut = frames_of(stream, piece);
    require(cut == frames_of(stream, 1), "how a stream is cut does not matter");
}

}  // namespace plimsoll::fuzz
