// SPDX-License-Identifier: Apache-2.0
// From the bytes of a price notification to its checked fields: through the message reader, beside simdjson's
// DOM parser on the same bytes, which looks at no field. In turns in one run, in processor time; the medians
// of single rounds. Then 32 bytes of hex, by each way that there is.
#include "chain/primitives/hex.hpp"
#include "chain/primitives/hex_kernels.hpp"
#include "chain/rpc/message_reader.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::bench {
namespace {

constexpr int kRounds = 201;
constexpr std::size_t kFrames = 16;
constexpr int kTurns = 32;  // over all frames, in each round
constexpr std::size_t kMaxMessage = std::size_t{1} << 20U;

double processor_ns() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e9 * static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec);
}

std::string word(std::uint64_t seed) {
    std::string out{"\"0x"};
    for (int i = 0; i < 4; ++i) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        std::array<char, 17> text{};
        std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(seed));
        out += text.data();
    }
    return out + '"';
}

/// AnswerUpdated(int256,uint256,uint256) as geth tells it.
std::string price_frame(std::uint64_t seed) {
    return R"({"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"0x4a8a4c0517381924f9838102c5a4dcb7","result":{"address":"0x7d4e742018fb52e48b08be73d041c18b21de6fb5","topics":["0x0559884fd3a460db3073b7fc896cc77986f16e378210ded43186175bf646fc5f",)" +
           word(seed) + "," + word(seed + 1) + R"(],"data":)" + word(seed + 2) +
           R"(,"blockNumber":"0x161fe4d","transactionHash":)" + word(seed + 3) +
           R"(,"transactionIndex":"0x1a","blockHash":)" + word(seed + 4) +
           R"(,"blockTimestamp":"0x68f9c3a7","logIndex":"0x3f","removed":false}}})";
}

class OneSubscription final : public rpc::MessageContext {
  public:
    [[nodiscard]] std::optional<rpc::Method> method_of(rpc::RequestId) const override { return {}; }
    [[nodiscard]] rpc::SubscriptionKind kind_of(std::string_view) const override {
        return rpc::SubscriptionKind::logs;
    }
};

struct Frame {
    std::string text;
    std::size_t size{};
    [[nodiscard]] std::string_view view() const { return std::string_view{text}.substr(0, size); }
};

std::vector<Frame> frames() {
    std::vector<Frame> out;
    for (std::size_t i = 0; i < kFrames; ++i) {
        Frame& frame = out.emplace_back();
        frame.text = price_frame(1000 * i);
        frame.size = frame.text.size();
        frame.text.resize(frame.size + rpc::kFramePadding);
    }
    return out;
}

double median(std::vector<double>& values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// One way of doing the work, and how long a piece took in each round.
struct Way {
    std::string_view name;
    std::vector<double> ns;

    template <class Work>
    void round(std::size_t pieces, const Work& work) {
        const double start = processor_ns();
        for (int turn = 0; turn < kTurns; ++turn)
            work();
        ns.push_back((processor_ns() - start) / (kTurns * static_cast<double>(pieces)));
    }
};

void need(bool good, const char* what) {
    if (!good) throw std::runtime_error{what};
}

void measure_frames() {
    const std::vector<Frame> all = frames();
    simdjson::dom::parser dom;
    rpc::MessageReader reader{kMaxMessage};
    const OneSubscription context;
    Way by_dom{"dom_parse", {}};
    Way by_reader{"reader", {}};
    Way by_parser{"parser", {}};
    std::uint64_t sum = 0;
    const auto index_of = [](const rpc::SubscriptionMessage& told) { return std::get<Log>(told.body).index; };
    for (int round = 0; round < kRounds; ++round) {
        by_dom.round(kFrames, [&] {
            for (const Frame& frame : all) {
                simdjson::dom::element element;
                need(dom.parse(frame.text.data(), frame.size, false).get(element) == simdjson::SUCCESS,
                     "no JSON");
            }
        });
        by_parser.round(kFrames, [&] {
            for (const Frame& frame : all) {
                const auto message = reader.read(frame.view(), context);
                need(message.has_value(), "no message");
                sum += index_of(std::get<rpc::SubscriptionMessage>(*message));
            }
        });
        by_reader.round(kFrames, [&] {
            for (const Frame& frame : all) {
                const auto* const told = reader.read_known(frame.view(), context);
                need(told != nullptr, "not known");
                sum += index_of(*told);
            }
        });
    }
    need(sum == 2 * 0x3fU * kFrames * kTurns * kRounds, "a wrong log index");
    const double dom_ns = median(by_dom.ns);
    const double reader_ns = median(by_reader.ns);
    std::printf(
        "frame of %zu bytes: DOM parse %.1f ns, every field by the parser %.1f ns, of a known shape %.1f "
        "ns\n",
        all.front().size, dom_ns, median(by_parser.ns), reader_ns);
    std::printf("G10 measured %.2f goal 0.20 holds %s\n", reader_ns / dom_ns,
                reader_ns <= 0.2 * dom_ns ? "yes" : "no");
}

void measure_hex() {
    std::array<std::string, kFrames> words;
    for (std::size_t i = 0; i < kFrames; ++i)
        words[i] = word(i).substr(3, 64);
    std::array<std::uint8_t, 32> out{};
    Way chosen{"decode_hex", {}};
    Way plain{"decode_plainly", {}};
    unsigned sum = 0;
    const auto decode_all = [&](auto decode) {
        for (const std::string& one : words) {
            need(decode(one, out), "no hex");
            sum += out[31];
        }
    };
    for (int round = 0; round < kRounds; ++round) {
        plain.round(kFrames, [&] { decode_all(hex_kernels::decode_plainly); });
        chosen.round(kFrames, [&] { decode_all(decode_hex); });
    }
    need(sum != 0, "no bytes");
    std::printf("32 bytes of hex: plainly %.1f ns, as this processor can %.1f ns\n", median(plain.ns),
                median(chosen.ns));
}

}  // namespace
}  // namespace plimsoll::bench

int main() {
    try {
        plimsoll::bench::measure_frames();
        plimsoll::bench::measure_hex();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
