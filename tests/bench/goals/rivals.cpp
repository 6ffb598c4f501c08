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
        require_transaction(answer, path.sender(), aave::at(kVictimAddress));
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
        require_transaction(answer, sender, aave::at(kVictimAddress));
        node.say(frames.calm[i]);
    }
    node.say(R"({"method":"report"})");
    out.report = node.hear();
    return out;
}

void tell(const Side& ours, const ArmedEvents& armed, const PeerSide& theirs, std::size_t accounts,
          Report& report) {
    constexpr double kMicro = 1e3;
    const double mine = median(ours.in_program) / kMicro;
    const double held = median(armed.in_program) / kMicro;
    const double its = number_in(theirs.report, "p50");
    const double goal = accounts == 10'000 ? 200 : 1'000;
    report.at_least(about("viem's time to send returned, of ours", accounts), its / held, goal, "x",
                    Gate::no);
    report.at_least("  half of that goal", its / held, goal / 2, "x", Gate::yes);
    report.figure("  ours", held, "us");
    report.figure("  where nothing was armed", its / mine, "x");
    report.figure("  ours, where nothing was armed", mine, "us");
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
    report.note(
        "the nearest account is armed on a thread that spins; to the viem bot all accounts are alike");
    if (std::system("node --version >/dev/null 2>&1") != 0)  // NOLINT(concurrency-mt-unsafe)
        return report.note("not measured: needs node");
    for (const std::size_t accounts : bench.sizes()) {
        if (accounts > 500'000) continue;  // what a bot in JavaScript does there is not asked for
        Stage& stage = bench.stage(accounts);
        const TemporaryFile book{peer_book(stage.venue())};
        Frames frames;
        const Side ours = run_keeper(stage, bench.rounds(150), frames);
        const PeerSide theirs = run_peer(book.path(), frames);
        tell(ours, bench.armed_events(accounts), theirs, accounts, report);
    }
}

}  // namespace plimsoll::bench
