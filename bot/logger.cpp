// SPDX-License-Identifier: Apache-2.0
#include "bot/logger.hpp"

#include "bot/log_thread.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <unistd.h>

#include <utility>
#include <vector>

namespace plimsoll::bot {
namespace {

constexpr std::chrono::seconds kWarningInterval{60};
constexpr std::size_t kMostWarnings = 1024;

spdlog::level::level_enum level_of(LogLevel level) {
    switch (level) {
        case LogLevel::trace:
            return spdlog::level::trace;
        case LogLevel::debug:
            return spdlog::level::debug;
        case LogLevel::info:
            return spdlog::level::info;
        case LogLevel::warn:
            return spdlog::level::warn;
        case LogLevel::error:
            return spdlog::level::err;
    }
    return spdlog::level::err;
}

Logger::Sink standard_error() {
    auto logger =
        std::make_shared<spdlog::logger>("plimsoll", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger->set_pattern("%v");
    logger->set_level(spdlog::level::trace);
    logger->flush_on(spdlog::level::trace);
    return [logger](LogLevel level, std::string_view line) {
        logger->log(level_of(level), spdlog::string_view_t{line.data(), line.size()});
    };
}

LogFormat resolve(LogFormat format) {
    if (format != LogFormat::automatic) return format;
    return ::isatty(STDERR_FILENO) != 0 ? LogFormat::pretty : LogFormat::logfmt;
}

/// Equal warnings share this.
std::string warning_key(const Record& record) {
    std::string key = std::string{record.event} + '\n' + std::string{record.message};
    for (const Field& field : record.fields) {
        const auto* text = field.name == "name" ? std::get_if<std::string>(&field.value) : nullptr;
        if (text != nullptr) key += '\n' + *text;
    }
    return key;
}

/// A line of any form, copied.
struct Copy {
    LogLevel level{};
    EventName event;
    std::string message;
    std::vector<Field> fields;
};

struct CopiedLine {
    Copy* copy;
    void tell(Logger& log, std::chrono::system_clock::time_point at) const {
        const std::unique_ptr<Copy> owned{copy};
        log.write_at(at, owned->level, owned->event, owned->message, owned->fields);
    }
};

}  // namespace

Logger::Logger(LogLevel level, LogFormat format)
    : Logger{level, resolve(format), standard_error(), [] { return std::chrono::system_clock::now(); }} {}

Logger::Logger(LogLevel level, LogFormat format, Sink sink, Clock clock)
    : level_{level}, format_{format}, sink_{std::move(sink)}, clock_{std::move(clock)} {}

Logger::~Logger() = default;

bool Logger::admit(Record& record) {
    if (record.level != LogLevel::warn) return true;
    if (warnings_.size() >= kMostWarnings) {
        std::erase_if(warnings_, [&](const auto& entry) {
            return record.time - entry.second.written >= kWarningInterval;
        });
    }
    const auto [place, is_new] = warnings_.try_emplace(warning_key(record), Warning{record.time, 0});
    if (is_new) return true;
    Warning& last = place->second;
    if (record.time - last.written < kWarningInterval) {
        ++last.held_back;
        return false;
    }
    record.repeated = std::exchange(last.held_back, 0);
    last.written = record.time;
    return true;
}

void Logger::write_at(std::chrono::system_clock::time_point time, LogLevel level, EventName event,
                      std::string_view message, std::span<const Field> fields) {
    Record record{time, level, event.text(), message, fields, 0};
    if (!admit(record)) return;
    const std::string line = format(record, format_);
    sink_(level, line);
}

void Logger::write(LogLevel level, EventName event, std::string_view message, std::span<const Field> fields) {
    if (!enabled(level)) return;
    if (thread_ == nullptr) {
        write_at(clock_(), level, event, message, fields);
        return;
    }
    auto copy = std::make_unique<Copy>(
        Copy{level, event, std::string{message}, std::vector<Field>{fields.begin(), fields.end()}});
    if (ring_->push(CopiedLine{copy.get()})) static_cast<void>(copy.release());  // its line frees it
    wake_writer();
}

void Logger::wake_writer() noexcept {
    thread_->wake();
}

std::string_view Logger::keep(std::string_view text) {
    const auto found = kept_.find(text);
    return found == kept_.end() ? *kept_.emplace(text).first : *found;
}

void Logger::hand_to(LogThread* thread) {
    thread_ = thread;
    ring_ = thread == nullptr ? nullptr : &thread->ring();
}

}  // namespace plimsoll::bot
