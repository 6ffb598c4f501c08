// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/crash/process.hpp"

#include "bot/journal/standing.hpp"
#include "bot/lanes/lane_tally.hpp"
#include "signer/lanes/lane_plan.hpp"
#include "tests/faults/crash/shim_vfs.hpp"

#include <boost/asio/post.hpp>

#include <chrono>
#include <utility>

namespace plimsoll::crash {

namespace {

constexpr ChainId kChain{31337};
constexpr std::array<std::uint8_t, 4> kSelector{0xAB, 0xCD, 0xEF, 0x01};

Address executor() {
    Address out;
    out.bytes.fill(0xEE);
    return out;
}

signer::Policy policy(const Terms& terms) {
    signer::PolicyLimits limits;
    limits.chain = kChain;
    limits.sender = sender();
    limits.executor = executor();
    limits.selector = kSelector;
    limits.max_gas = Gas{1'000'000};
    limits.max_fee_per_gas = fee_cap();
    limits.max_spend = terms.per_transaction.value_or(cost(Gas{1'000'000}, fee_cap()));
    return signer::Policy{limits};
}

signer::SchedulerOptions scheduler_options(const Terms& terms) {
    signer::SchedulerOptions out;
    out.chain = kChain;
    out.sender = sender();
    out.fees = signer::FeeLimits{to_wei(Gwei{1}), fee_cap(), {}};
    out.confirmations = 3;
    out.reserve_block = 4;
    out.max_in_flight = terms.max_in_flight;
    return out;
}

/// Says that a batch is durable while it still waits for the next one.
class HastyJournal final : public signer::Journal {
  public:
    explicit HastyJournal(std::unique_ptr<signer::Journal> inner) : inner_{std::move(inner)} {}
    Result<void> write(std::span<const signer::JournalEntry> entries) override {
        std::vector<signer::JournalEntry> now = std::exchange(late_, {entries.begin(), entries.end()});
        return now.empty() ? Result<void>{} : inner_->write(now);
    }
    Result<signer::JournalState> load() override { return inner_->load(); }
    Result<std::vector<signer::TokenTotal>> profit_by_token() override { return inner_->profit_by_token(); }

  private:
    std::unique_ptr<signer::Journal> inner_;
    std::vector<signer::JournalEntry> late_;
};

}  // namespace

signer::Key make_key() {
    std::array<std::uint8_t, 32> secret{};
    secret.fill(0x66);
    return signer::Key::from_secret(signer::Secret{secret}).value();
}

const Address& sender() {
    static const Address made = make_key().address();
    return made;
}

Wei fee_cap() {
    return to_wei(Gwei{100});
}

Bytes calldata_for(std::uint8_t account) {
    Bytes out{kSelector.begin(), kSelector.end()};
    out.push_back(account);
    return out;
}

/// The sockets, and the node and the relay behind them; which is used when is the real plan's word.
class Process::ModelNetwork final : public bot::Network {
  public:
    explicit ModelNetwork(const Parts& parts)
        : chain_{parts.chain},
          tell_{parts.tell},
          plan_{parts.terms.lanes},
          forgetful_{parts.defects.shell.new_story} {}

    async::Task<rpc::SendAnswer> send(signer::Send send) override {
        if (forgetful_) send.first_head = begun_.try_emplace(send.nonce, send.head).first->second;
        bot::LaneTally tally;
        const std::vector<signer::LaneOrder> orders = plan_.orders(send);
        tally.expect(orders.size());
        for (const signer::LaneOrder& order : orders)
            tally.add(hand_out(send, order), {});
        rpc::SendAnswer answer{rpc::ErrorClass::unknown, {}, "no lane is open to it now"};
        if (!orders.empty()) answer = *tally.verdict({});
        if (lost > 0) {
            --lost;
            answer = rpc::SendAnswer{rpc::ErrorClass::transport, {}, "timed out"};
        }
        co_return answer;
    }
    async::Task<Result<std::optional<rpc::Receipt>>> receipt(Hash32 transaction) override {
        Result<std::optional<rpc::Receipt>> out{chain_.receipt(transaction)};
        co_return out;
    }
    async::Task<Result<bool>> in_pool(Hash32 transaction) override { co_return chain_.pooled(transaction); }
    async::Task<Result<bot::NonceCounts>> nonces(Address /*sender*/) override {
        const bot::NonceCounts counts{chain_.latest(), chain_.pending()};
        co_return counts;
    }

    int lost = 0;  // answers to lose

  private:
    rpc::SendAnswer hand_out(const signer::Send& send, const signer::LaneOrder& order) {
        const bool terms = order.lane < plan_.terms().size();
        const bool relay = terms && plan_.terms()[order.lane].kind != signer::LaneKind::public_;
        rpc::SendAnswer answer = relay ? chain_.offer(send.raw) : chain_.take(send.raw);
        if (tell_) tell_(SentOp{send.raw, relay});
        return answer;
    }

    ChainModel& chain_;
    const std::function<void(Event)>& tell_;
    const signer::LanePlan plan_;
    bool forgetful_;
    std::map<Nonce, BlockNumber> begun_;  // only of a forgetful one
};

/// The witness on its own disk, as the steps that make it durable.
class Process::TracedWitness final : public bot::WitnessFile {
  public:
    explicit TracedWitness(const Parts& parts)
        : content_{parts.witness}, tell_{parts.tell}, skip_{parts.defects.shell.skip_witness} {}

    Result<std::optional<Bytes>> read() override { return content_; }
    Result<void> replace(BytesView content) override {
        if (skip_ && content_) return {};
        content_ = Bytes{content.begin(), content.end()};
        tell(DiskOp{DiskOp::Kind::truncate, "witness/witness.new", 0, {}, {}});
        tell(DiskOp{DiskOp::Kind::write, "witness/witness.new", 0, *content_, {}});
        tell(DiskOp{DiskOp::Kind::sync, "witness/witness.new", 0, {}, {}});
        tell(DiskOp{DiskOp::Kind::rename, "witness/witness.new", 0, {}, "witness/witness"});
        tell(DiskOp{DiskOp::Kind::sync_names, "witness", 0, {}, {}});
        return {};
    }
    Result<void> overwrite(std::size_t offset, BytesView part) override {
        if (skip_) return {};
        std::copy(part.begin(), part.end(), content_->begin() + static_cast<std::ptrdiff_t>(offset));
        tell(DiskOp{DiskOp::Kind::write, "witness/witness", offset, Bytes{part.begin(), part.end()}, {}});
        return {};
    }

  private:
    void tell(DiskOp op) const {
        if (tell_) tell_(std::move(op));
    }
    std::optional<Bytes> content_;
    std::function<void(Event)> tell_;
    bool skip_;
};

Process::Process(Parts parts)
    : parts_{std::move(parts)},
      tasks_{io_.get_executor()},
      network_{std::make_unique<ModelNetwork>(parts_)},
      now_{bot::wall_clock_ms() / 1000} {}

Process::~Process() {
    if (journal_) journal_->close();
    observe_files({});
}

tl::expected<std::unique_ptr<Process>, std::string> Process::start(Parts parts) {
    std::unique_ptr<Process> out{new Process{std::move(parts)}};
    Process& self = *out;
    ShimObserver observer;
    if (self.parts_.tell) {
        const bool skip_sync = self.parts_.defects.shell.skip_sync;
        observer.refuse = [&self](const DiskOp& /*op*/) {
            self.held_.wait(true);
            return 0;
        };
        observer.on_op = [&self, skip_sync](DiskOp op) {
            if (!skip_sync || op.kind != DiskOp::Kind::sync) self.parts_.tell(std::move(op));
        };
    }
    observe_files(std::move(observer));
    bot::JournalOptions options;
    options.vfs = kShimVfs;
    options.adopt = self.parts_.adopt;
    options.witness_file = std::make_unique<TracedWitness>(self.parts_);
    auto opened = bot::SqliteJournal::open(self.parts_.folder, {kChain, sender()}, std::move(options));
    if (!opened) {
        out->journal_ = nullptr;
        return tl::make_unexpected(opened.error().text);
    }
    std::unique_ptr<signer::Journal> journal = *std::move(opened);
    const Result<signer::JournalState> state = journal->load();
    if (!state) return tl::make_unexpected(state.error().context);
    if (self.parts_.defects.shell.acknowledge_early)
        journal = std::make_unique<HastyJournal>(std::move(journal));
    self.journal_ = std::make_unique<bot::JournalThread>(
        std::move(journal),
        [&self](std::function<void()> task) { boost::asio::post(self.io_, std::move(task)); },
        std::chrono::hours{1});
    bot::Submission::Parts around{*self.network_, *self.journal_, self.tasks_};
    around.defects = &self.parts_.defects.scheduler;
    around.spend_limits = self.parts_.terms.spend;
    if (self.parts_.defects.shell.no_budget) around.spend_limits.per_hour = around.spend_limits.per_day = {};
    self.poor_ = !self.parts_.defects.shell.no_floor;
    self.submission_ = std::make_unique<bot::Submission>(
        scheduler_options(self.parts_.terms), policy(self.parts_.terms), make_key(), around, self.listener());
    self.submission_->on(signer::Tick{Timestamp{self.now_}});
    self.on(signer::Recovered{*state});
    return out;
}

bot::SubmissionListener Process::listener() {
    bot::SubmissionListener out;
    out.on_signed = [](const signer::Sign&, const signer::SignedTransaction&) {};
    out.on_sent = [](const signer::Send&, signer::SendClass, const std::string&) {};
    out.on_report = [this](const signer::Report& report) {
        if (report.stage == signer::ReportStage::final) finals_.push_back(report);
    };
    out.on_declined = [](const signer::Declined&) {};
    out.on_notice = [](const signer::Notice&) {};
    return out;
}

/// One handler at a time, the journal at rest between them: the same order in every run. What nobody waits
/// for stays unwritten meanwhile, as it does where all this takes a few milliseconds.
void Process::settle() {
    do {
        journal_->rest();
        io_.restart();
    } while (io_.poll_one() != 0);
}

void Process::on(signer::SignerEvent event) {
    submission_->on(std::move(event));
    settle();
}

signer::Intent Process::intent(std::uint8_t account, std::uint64_t blocks) {
    signer::Intent out;
    out.id = scheduler().next_intent_id();
    out.key.chain = kChain;
    out.key.account.bytes[19] = account;
    out.to = executor();
    out.calldata = calldata_for(account);
    out.gas_limit = Gas{500'000};
    out.last_block = parts_.chain.head().number.next(blocks);
    out.value_at_stake = Usd{U256{account}};
    intents_[account] = out.id;
    return out;
}

void Process::submit(std::uint8_t account, std::uint64_t blocks) {
    on(signer::IntentSubmitted{intent(account, blocks)});
}

void Process::cancel(std::uint8_t account) {
    on(signer::CancelRequested{intents_.at(account)});
}

void Process::arm_and_fire(const std::vector<std::uint8_t>& accounts, std::size_t fired, bool at_once) {
    constexpr std::uint64_t kBlocks = 30;
    std::vector<signer::ArmedSlot> slots;
    held_ = at_once;
    for (const std::uint8_t account : accounts) {
        slots.push_back(submission_->arm(intent(account, kBlocks)));
        if (!at_once) settle();
    }
    submission_->fire(slots.at(fired));
    io_.restart();
    io_.poll();
    held_ = false;
    held_.notify_all();
    settle();
    for (const signer::ArmedSlot slot : slots)
        submission_->disarm(slot);
    settle();
}

void Process::head() {
    now_ += 3;
    journal_->drain();
    if (poor_) submission_->spends().balance(parts_.chain.balance());
    on(signer::Tick{Timestamp{now_}});
    on(signer::HeadSeen{parts_.chain.head()});
}

bool Process::busy(std::uint8_t account) {
    IntentKey key{kChain, 0, {}};
    key.account.bytes[19] = account;
    return scheduler().busy(key);
}

void Process::lose_answers(int count) {
    network_->lost = count;
}

void Process::stop() {
    on(signer::Stop{});
    journal_->close();
    submission_.reset();
    journal_.reset();
}

}  // namespace plimsoll::crash
