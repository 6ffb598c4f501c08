// SPDX-License-Identifier: Apache-2.0
#include "bot/commands/keys_secret.hpp"

#include "chain/primitives/hex.hpp"
#include "signer/keys/private_file.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <string>

namespace plimsoll::bot {
namespace {

constexpr std::size_t kMaxSecret = 1'024;

/// The terminal of the process, silent until it goes: what is typed is not shown, and Ctrl-C is a character.
class SilentTerminal {
  public:
    SilentTerminal() : number_{::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)} {
        if (number_ < 0 || tcgetattr(number_, &before_) != 0) return;
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | ISIG);
        silent.c_cc[VMIN] = 1;
        silent.c_cc[VTIME] = 0;
        open_ = tcsetattr(number_, TCSAFLUSH, &silent) == 0;
    }
    SilentTerminal(const SilentTerminal&) = delete;
    SilentTerminal& operator=(const SilentTerminal&) = delete;
    ~SilentTerminal() {
        if (open_) {
            tcsetattr(number_, TCSAFLUSH, &before_);
            say("\n");
        }
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] bool open() const noexcept { return open_; }
    void say(std::string_view text) const {
        if (::write(number_, text.data(), text.size()) < 0) return;  // without a prompt it works as well
    }
    /// The next character; -1 at the end.
    [[nodiscard]] int next() const {
        std::uint8_t c = 0;
        return ::read(number_, &c, 1) == 1 ? c : -1;
    }

  private:
    int number_;
    bool open_ = false;
    termios before_{};
};

enum : int { ctrl_c = 3, ctrl_d = 4, backspace = 8, ctrl_u = 21, rubout = 127 };

Result<signer::SecretBytes> type_in(std::string_view prompt) {
    const SilentTerminal terminal;
    if (!terminal.open())
        return fail(Errc::refused,
                    "there is no terminal to ask at; name a file or a descriptor (see --help)");
    terminal.say(prompt);
    signer::SecretBytes typed{kMaxSecret};
    std::size_t size = 0;
    for (int c = terminal.next(); c != '\n' && c != '\r'; c = terminal.next()) {
        if (c < 0 || c == ctrl_c || c == ctrl_d) return fail(Errc::refused, "nothing was typed in");
        if (c == ctrl_u) {
            size = 0;
        } else if (c == backspace || c == rubout) {
            size -= size == 0 ? 0 : 1;
        } else if (size == kMaxSecret) {
            return fail(Errc::malformed_input, "more than 1024 characters were typed");
        } else {
            typed.writable()[size++] = static_cast<std::uint8_t>(c);
        }
    }
    typed.shrink(size);
    return typed;
}

Result<signer::SecretBytes> from_descriptor(const std::string& text, std::string_view option) {
    int number = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 0)
        return fail(Errc::refused, std::string{option} + " is the number of an open descriptor");
    auto secret = signer::read_descriptor(number, kMaxSecret);
    if (!secret) secret.error().context.insert(0, "descriptor " + text + ": ");
    return secret;
}

Result<signer::SecretBytes> read_secret(const Invocation& invocation, const SecretOptions& options,
                                        std::string_view prompt) {
    const auto file = invocation.value(options.file);
    const auto descriptor = invocation.value(options.descriptor);
    if (file && descriptor) {
        return fail(Errc::refused, std::string{options.file} + " and " + std::string{options.descriptor} +
                                       " exclude each other");
    }
    if (!file && !descriptor) return type_in(prompt);
    auto secret = file ? signer::read_private_file(*file, kMaxSecret)
                       : from_descriptor(*descriptor, options.descriptor);
    if (secret) secret->drop_line_end();
    return secret;
}

}  // namespace

Result<signer::SecretBytes> read_password(const Invocation& invocation, const SecretOptions& options,
                                          std::string_view prompt) {
    return read_secret(invocation, options, prompt);
}

Result<signer::SecretBytes> read_new_password(const Invocation& invocation, const SecretOptions& options) {
    PLIMSOLL_TRY(signer::SecretBytes password, read_secret(invocation, options, "New password: "));
    if (password.empty()) return fail(Errc::refused, "a new keystore needs a password that is not empty");
    if (invocation.has(options.file) || invocation.has(options.descriptor)) return password;
    PLIMSOLL_TRY(const signer::SecretBytes again, type_in("The same again: "));
    if (!signer::same_secret(password, again)) return fail(Errc::refused, "the two passwords differ");
    return password;
}

Result<signer::Secret> read_raw_key(const Invocation& invocation, const SecretOptions& options) {
    PLIMSOLL_TRY(const signer::SecretBytes text,
                 read_secret(invocation, options, "Private key (64 hex digits): "));
    std::string_view digits = text.reveal_text();
    if (digits.starts_with("0x")) digits.remove_prefix(2);
    std::array<std::uint8_t, 32> bytes{};
    const bool read = decode_hex(digits, bytes);
    signer::Secret secret{bytes};  // also wipes them
    if (!read) return fail(Errc::malformed_input, "a private key is 64 hex digits");
    return secret;
}

}  // namespace plimsoll::bot
