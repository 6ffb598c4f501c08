// SPDX-License-Identifier: Apache-2.0
// G7: the same frames over the same loopback to the product's parts and to a bot written with viem, which
// reads the same book from a file.
#include "chain/primitives/hex.hpp"
#include "signer/transaction.hpp"
#include "tests/bench/goals/frame_node.hpp"
#include "tests/bench/goals/goals.hpp"
#include "tests/bench/goals/keeper.hpp"
#include "tests/bench/goals/peer_book.hpp"
#include "tests/bench/goals/synthetic_book.hpp"
#include "tests/bench/goals/temporary_file.hpp"
#include "tests/bench/goals/timing.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <stdexcept>

namespace plimsoll::bench {

namespace {

namespace aave = strategy::aave_v3;

/// What one of the two did, by round.
struct Side {
    std::vector<double> in_program;  // from the frame in the program until its send returned
    std::vector<double> by_node;     // from before the node's send until the answer was read
};

/// The account that sinks, as it stands in calldata.
std::string victim_in_calldata() {
    return to_hex(aave::at(kVictimAddress).bytes).substr(2);
}

/// The transaction in an eth_sendRawTransaction must be of `sender` and name the account that sinks.
void require_answer(const std::string& frame, const Address& sender) {
    const std::size_t begin = frame.find("[\"0x");
    const std::size_t end = frame.find('"', begin + 2);
    if (frame.find("eth_sendRawTransaction") == std::string::npos || begin == std::string::npos)
        throw std::runtime_error{"the answer is no transaction: " + frame};
    const std::string raw = frame.substr(begin + 2, end - begin - 2);
    const auto transaction = signer::decode_transaction(parse_hex(raw).value());
    if (!transaction) throw std::runtime_error{"the transaction cannot be read"};
    const auto signed_by = signer::sender_of(*transaction);
    if (!signed_by || *signed_by != sender) throw std::runtime_error{"the transaction is somebody else's"};
    if (raw.find(victim_in_calldata()) == std::string::npos)
        throw std::runtime_error{"the transaction is about another account"};
}

struct Frames {
    std::vector<std::string> sinking;
    std::vector<std::string> calm;
};

/// Fills the frames on the way, for the rival to get the same.
Side run_keeper(Stage& stage, std::size_t rounds, Frames& frames) {
    HotPath path{stage};
    FrameNode node;
    Keeper keeper{path, node.url()};
    node.accept();
    Side out;
    for (std::size_t i = 0; i < rounds; ++i) {
        keeper.aside([&] {
            path.begin();
            frames.sinking.push_back(stage.price_frame(Market::kSunkenPrice));
        });
        std::string answer;
        out.by_node.push_back(timed([&] { node.say(frames.sinking.back()), answer = node.hear(); }));
        require_answer(answer, path.sender());
        keeper.aside([&] {
            out.in_program.push_back(keeper.newest());
            frames.calm.push_back(path.recover(false));
        });
    }
    return out;
}

/// The bot as a process of its own, ended with this object.
class Peer {
  public:
    Peer(const std::string& script, const std::string& url, const std::string& book) : process_{fork()} {
        if (process_ < 0) throw std::runtime_error{"no process for the peer"};
        if (process_ != 0) return;
        execlp("node", "node", script.c_str(), url.c_str(), book.c_str(), nullptr);
        _exit(127);
    }
    ~Peer() {
        kill(process_, SIGKILL);
        waitpid(process_, nullptr, 0);
    }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

  private:
    pid_t process_;
};

/// The number behind "name": in a flat JSON object.
double number_in(const std::string& text, const std::string& name) {
    const std::size_t at = text.find('"' + name + "\":");
    if (at == std::string::npos) throw std::runtime_error{"the peer did not tell its " + name};
    return std::strtod(text.c_str() + at + name.size() + 3, nullptr);
}

struct PeerSide : Side {
    std::string report;
};

PeerSide run_peer(const std::string& book, const Frames& frames) {
    FrameNode node;
    const Peer peer{PLIMSOLL_PEER, node.url(), book};
    node.accept();
    const std::string hello = node.hear();
    const Address sender = parse_address(hello).value();
    PeerSide out;
    for (std::size_t i = 0; i < frames.sinking.size(); ++i) {
        std::string answer;
        out.by_node.push_back(timed([&] { node.say(frames.sinking[i]), answer = node.hear(); }));
        require_answer(answer, sender);
        node.say(frames.calm[i]);
    }
    node.say(R"({"method":"report"})");
    out.report = node.hear();
    return out;
}

void tell(const Side& ours, const PeerSide& theirs, std::size_t accounts, Report& report) {
    constexpr double kMicro = 1e3;
    const double mine = median(ours.in_program) / kMicro;
    const double its = number_in(theirs.report, "p50");
    const double goal = accounts == 10'000 ? 200 : 1'000;
    report.at_least(about("viem's time to send returned, of ours (not armed)", accounts), its / mine, goal,
                    "x", Gate::no);
    report.figure("  ours", mine, "us");
    report.figure("  viem's", its, "us");
    for (const char* part : {"parse", "judge", "encode", "sign", "send"})
        report.figure("    of it to " + std::string{part}, number_in(theirs.report, part), "us");
    report.figure("  the node's view: ours", median(ours.by_node) / kMicro, "us");
    report.figure("  the node's view: viem's", median(theirs.by_node) / kMicro, "us");
    // What the peer was held to on the machine this was planned on, where one viem signature took 0.27 ms.
    if (accounts != 10'000 && accounts != 100'000) return;
    const double slowest =
        (accounts == 10'000 ? 3'000 : 14'000) * number_in(theirs.report, "signature") / 270;
    report.at_most("  viem's is no straw man: at most", its, slowest, "us", Gate::no);
}

}  // namespace

void measure_rivals(Bench& bench, Report& report) {
    report.note("armed, for which the goal is meant: not built; the gate of half of it comes with that");
    if (std::system("node --version >/dev/null 2>&1") != 0)  // NOLINT(concurrency-mt-unsafe)
        return report.note("not measured: needs node");
    for (const std::size_t accounts : bench.sizes()) {
        if (accounts > 500'000) continue;  // what a bot in JavaScript does there is not asked for
        Stage& stage = bench.stage(accounts);
        const TemporaryFile book{peer_book(stage.venue())};
        Frames frames;
        const Side ours = run_keeper(stage, bench.rounds(150), frames);
        tell(ours, run_peer(book.path(), frames), accounts, report);
    }
}

}  // namespace plimsoll::bench
