// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/log_field.hpp"
#include "bot/log_ring.hpp"
#include "config/config.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace plimsoll::bot {

class LogThread;

using config::LogFormat;
using config::LogLevel;

struct EventDescription {
    std::string_view name;  // at most eight letters: the pretty form has a column for it
    std::string_view meaning;
};

/// Every event a log line may carry. Closed: a name that is not here does not compile.
inline constexpr std::array kLogEvents{
    EventDescription{"start", "the program began, with version, mode and configuration"},
    EventDescription{"mode", "dry-run or live was decided, and why"},
    EventDescription{"endpoint", "an endpoint was connected, lost, limited or found wrong"},
    EventDescription{"index", "progress of reading a market"},
    EventDescription{"snapshot", "the books were written to disk, or taken up from there"},
    EventDescription{"ready", "everything is known and watched; what is watched"},
    EventDescription{"unready", "nothing may be sent now, and why"},
    EventDescription{"head", "a new block"},
    EventDescription{"reorg", "blocks were undone"},
    EventDescription{"price", "a price source changed its kind: event-driven or read each head"},
    EventDescription{"found", "an account can be liquidated: the best quote and its net value"},
    EventDescription{"skip", "it was not sent, with the reason of the closed list"},
    EventDescription{"sent", "a transaction was handed to a lane"},
    EventDescription{"lane", "what one endpoint or relay answered to a transaction"},
    EventDescription{"would", "dry-run: what would have been sent"},
    EventDescription{"fork", "a fork was made, and which prices on it are not the chain's"},
    EventDescription{"forked", "what a decision to send came to on a fork"},
    EventDescription{"replace", "a pending transaction was given higher fees"},
    EventDescription{"withdraw", "an intent is taken back: the block it was decided on is no more"},
    EventDescription{"won", "our liquidation is in a block: amounts, gas, profit"},
    EventDescription{"lost", "another liquidated the account first"},
    EventDescription{"reverted", "our transaction landed and failed"},
    EventDescription{"expired", "our transaction missed its last block"},
    EventDescription{"refused", "the signing policy said no"},
    EventDescription{"hold", "a pause or the kill switch was set or taken back"},
    EventDescription{"limit", "spending, balance or losses reached a limit, or have room again"},
    EventDescription{"account", "an account was quarantined because its state could not be computed"},
    EventDescription{"venue", "a market was stopped or read again"},
    EventDescription{"journal", "what was found in or written to the journal"},
    EventDescription{"summary", "what happened since the last summary"},
    EventDescription{"stop", "the program ends, and how"},
    EventDescription{"log", "lines of the log were lost"},
    EventDescription{"error", "something failed that a person must look at"},
};

/// A name of kLogEvents, checked by the compiler.
class EventName {
  public:
    // NOLINTNEXTLINE(google-explicit-constructor): log.info("ready", …) is the point.
    consteval EventName(const char* name) : text_{name} {
        bool known = false;
        for (const EventDescription& event : kLogEvents)
            known = known || event.name == text_;
        if (!known) throw "not an event of kLogEvents";
    }
    [[nodiscard]] constexpr std::string_view text() const noexcept { return text_; }

  private:
    std::string_view text_;
};

/// One line of the log before it is written.
struct Record {
    std::chrono::system_clock::time_point time;
    LogLevel level{};
    std::string_view event;
    std::string_view message;  // may be empty
    std::span<const Field> fields;
    std::uint64_t repeated{};  // how many equal warnings were held back before this one
};

/// Pretty, logfmt or JSON, without the line's end. Control characters are escaped: a record is always one
/// line.
[[nodiscard]] std::string format(const Record& record, LogFormat format);

/// Writes events with typed fields. Equal warnings (event, message and `name` field) come at most once a
/// minute, the next one says how many were held back. Writes at once and in the caller's thread, unless a
/// LogThread does it: then text and fields are copied, and names of fields must be literals.
class Logger {
  public:
    using Fields = std::initializer_list<Field>;
    using Clock = std::function<std::chrono::system_clock::time_point()>;
    using Sink = std::function<void(LogLevel, std::string_view line)>;

    /// To standard error; `LogFormat::automatic` is pretty on a terminal and logfmt elsewhere.
    Logger(LogLevel level, LogFormat format);
    /// To `sink`, with time from `clock`.
    Logger(LogLevel level, LogFormat format, Sink sink, Clock clock);
    ~Logger();
    Logger(const Logger&) = delete;
    Logger& operator=(const Logger&) = delete;

    void trace(EventName event, Fields fields) { write(LogLevel::trace, event, {}, fields); }
    void debug(EventName event, Fields fields) { write(LogLevel::debug, event, {}, fields); }
    void info(EventName event, Fields fields) { write(LogLevel::info, event, {}, fields); }
    void warn(EventName event, Fields fields) { write(LogLevel::warn, event, {}, fields); }
    void error(EventName event, Fields fields) { write(LogLevel::error, event, {}, fields); }
    /// `message`: a few words before the fields, for a person.
    void debug(EventName event, std::string_view message, Fields fields = {}) {
        write(LogLevel::debug, event, message, fields);
    }
    void info(EventName event, std::string_view message, Fields fields = {}) {
        write(LogLevel::info, event, message, fields);
    }
    void warn(EventName event, std::string_view message, Fields fields = {}) {
        write(LogLevel::warn, event, message, fields);
    }
    void error(EventName event, std::string_view message, Fields fields = {}) {
        write(LogLevel::error, event, message, fields);
    }

    /// For lines whose fields are put together at run time.
    void write(LogLevel level, EventName event, std::string_view message, std::span<const Field> fields);
    [[nodiscard]] bool enabled(LogLevel level) const noexcept { return level >= level_; }

    /// For lines of the hot path: a plain value with a `kLevel` and `tell(Logger&, time)`, which words it by
    /// write_at(), later and in another thread where a LogThread is. Text that it points to must be of the
    /// program or come from keep().
    template <class Line>
    void put(const Line& line) {
        if (!enabled(Line::kLevel)) return;
        if (ring_ != nullptr) {
            if (!ring_->push(line) || ring_->half_written()) wake_writer();
        } else {
            line.tell(*this, clock_());
        }
    }
    /// The same text, for as long as this logger is.
    [[nodiscard]] std::string_view keep(std::string_view text);
    /// Formats and writes, here and now, something that happened at `time`. Of whichever thread writes.
    void write_at(std::chrono::system_clock::time_point time, LogLevel level, EventName event,
                  std::string_view message, std::span<const Field> fields);
    /// Of a LogThread: lines go to it from now on, or nowhere else again for nullptr.
    void hand_to(LogThread* thread);

  private:
    struct Warning {
        std::chrono::system_clock::time_point written;
        std::uint64_t held_back{};
    };
    void write(LogLevel level, EventName event, std::string_view message, Fields fields) {
        write(level, event, message, std::span<const Field>{fields.begin(), fields.size()});
    }
    /// Whether to write it, and the count to mention.
    [[nodiscard]] bool admit(Record& record);

    void wake_writer() noexcept;

    LogLevel level_;
    LogFormat format_;
    Sink sink_;
    Clock clock_;
    std::map<std::string, Warning> warnings_;
    std::set<std::string, std::less<>> kept_;
    LogThread* thread_ = nullptr;
    LogRing* ring_ = nullptr;  // its
};

}  // namespace plimsoll::bot
