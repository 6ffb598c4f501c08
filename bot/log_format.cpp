// SPDX-License-Identifier: Apache-2.0
#include "bot/logger.hpp"

#include <array>
#include <cstdio>
#include <ctime>
#include <string>

namespace plimsoll::bot {
namespace {

/// Control characters, and what is not plain ASCII or well-formed beyond it, must not reach a terminal.
bool is_plain(char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
}

void append_escaped(std::string& out, char c) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    out += "\\u00";
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 0x0FU];
}

/// Between double quotes, as JSON has it.
std::string json_text(std::string_view text) {
    std::string out{'"'};
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (is_plain(c)) {
            out += c;
        } else {
            append_escaped(out, c);
        }
    }
    return out += '"';
}

bool needs_quotes(std::string_view text) {
    if (text.empty()) return true;
    for (const char c : text) {
        if (c == ' ' || c == '=' || c == '"' || c == '\\' || !is_plain(c)) return true;
    }
    return false;
}

std::string bare_or_quoted(std::string_view text) {
    return needs_quotes(text) ? json_text(text) : std::string{text};
}

/// A message is read by people: no quotes, but no control characters either.
std::string one_line(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (is_plain(c)) {
            out += c;
        } else {
            append_escaped(out, c);
        }
    }
    return out;
}

enum class Length : std::uint8_t { whole, shortened };

std::string shorten(const std::string& hex) {
    return hex.substr(0, 6) + "…" + hex.substr(hex.size() - 4);
}

/// Text of a value; `quoted` tells JSON whether it is a string there.
struct Shown {
    std::string text;
    bool is_string{};
};

Shown show(const FieldValue& value, Length length) {
    struct Visitor {
        Length length;
        Shown operator()(bool flag) const { return {flag ? "true" : "false", false}; }
        Shown operator()(std::int64_t number) const { return {std::to_string(number), false}; }
        Shown operator()(std::uint64_t number) const { return {std::to_string(number), false}; }
        Shown operator()(const Decimal& number) const { return {number.text, false}; }
        Shown operator()(const BigInteger& number) const { return {number.text, true}; }
        Shown operator()(const std::string& text) const { return {text, true}; }
        Shown operator()(const Address& address) const { return hex(to_string(address)); }
        Shown operator()(const Hash32& hash) const { return hex(to_string(hash)); }
        [[nodiscard]] Shown hex(const std::string& text) const {
            return {length == Length::shortened ? shorten(text) : text, true};
        }
    };
    return std::visit(Visitor{length}, value);
}

struct TimeParts {
    std::tm calendar{};
    int milliseconds{};
};

/// UTC.
TimeParts split(std::chrono::system_clock::time_point time) {
    const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
    TimeParts parts;
    const auto seconds = static_cast<std::time_t>(since / 1000);
    parts.milliseconds = static_cast<int>(since % 1000);
    gmtime_r(&seconds, &parts.calendar);
    return parts;
}

std::string clock_time(std::chrono::system_clock::time_point time) {
    const TimeParts parts = split(time);
    std::array<char, 64> buffer{};
    const int length =
        std::snprintf(buffer.data(), buffer.size(), "%02d:%02d:%02d.%03d", parts.calendar.tm_hour,
                      parts.calendar.tm_min, parts.calendar.tm_sec, parts.milliseconds);
    return std::string{buffer.data(), static_cast<std::size_t>(length)};
}

/// RFC 3339.
std::string timestamp(std::chrono::system_clock::time_point time) {
    const TimeParts parts = split(time);
    std::array<char, 96> buffer{};
    const int length =
        std::snprintf(buffer.data(), buffer.size(), "%04d-%02d-%02dT", parts.calendar.tm_year + 1900,
                      parts.calendar.tm_mon + 1, parts.calendar.tm_mday);
    return std::string{buffer.data(), static_cast<std::size_t>(length)} + clock_time(time) + "Z";
}

std::string_view column_of(LogLevel level) {
    switch (level) {
        case LogLevel::trace:
            return "TRACE";
        case LogLevel::debug:
            return "DEBUG";
        case LogLevel::info:
            return "INFO ";
        case LogLevel::warn:
            return "WARN ";
        case LogLevel::error:
            return "ERROR";
    }
    return "?    ";
}

std::string pretty(const Record& record) {
    constexpr std::size_t kEventColumn = 8;
    std::string out = clock_time(record.time) + " ";
    out += std::string{column_of(record.level)} + " " + std::string{record.event};
    if (record.event.size() < kEventColumn) out.append(kEventColumn - record.event.size(), ' ');
    if (!record.message.empty()) out += " " + one_line(record.message);
    for (const Field& field : record.fields) {
        out +=
            " " + std::string{field.name} + "=" + bare_or_quoted(show(field.value, Length::shortened).text);
    }
    if (record.repeated != 0) out += " repeated=" + std::to_string(record.repeated);
    return out;
}

std::string logfmt(const Record& record) {
    std::string out = "ts=" + timestamp(record.time) + " level=" + std::string{to_string(record.level)} +
                      " event=" + std::string{record.event};
    if (!record.message.empty()) out += " msg=" + json_text(record.message);
    for (const Field& field : record.fields) {
        out += " " + std::string{field.name} + "=" + bare_or_quoted(show(field.value, Length::whole).text);
    }
    if (record.repeated != 0) out += " repeated=" + std::to_string(record.repeated);
    return out;
}

std::string json(const Record& record) {
    std::string out = "{\"ts\":\"" + timestamp(record.time) + "\",\"level\":\"" +
                      std::string{to_string(record.level)} + "\",\"event\":\"" + std::string{record.event} +
                      "\"";
    if (!record.message.empty()) out += ",\"msg\":" + json_text(record.message);
    for (const Field& field : record.fields) {
        const Shown shown = show(field.value, Length::whole);
        out += "," + json_text(field.name) + ":" + (shown.is_string ? json_text(shown.text) : shown.text);
    }
    if (record.repeated != 0) out += ",\"repeated\":" + std::to_string(record.repeated);
    return out + "}";
}

}  // namespace

std::string format(const Record& record, LogFormat format) {
    switch (format) {
        case LogFormat::automatic:
        case LogFormat::pretty:
            return pretty(record);
        case LogFormat::logfmt:
            return logfmt(record);
        case LogFormat::json:
            return json(record);
    }
    return logfmt(record);
}

}  // namespace plimsoll::bot
