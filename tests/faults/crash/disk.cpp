// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/crash/disk.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <utility>

namespace plimsoll::crash {

namespace {

constexpr std::size_t kSector = 512;

void write_at(Bytes& file, std::size_t offset, BytesView bytes) {
    if (file.size() < offset + bytes.size()) file.resize(offset + bytes.size());
    std::copy(bytes.begin(), bytes.end(), file.begin() + static_cast<std::ptrdiff_t>(offset));
}

/// Each sector that the write touches is there or not.
void write_torn(Bytes& file, const DiskOp& op, std::mt19937& luck) {
    std::size_t done = 0;
    while (done < op.bytes.size()) {
        const std::size_t at = op.offset + done;
        const std::size_t step = std::min(kSector - at % kSector, op.bytes.size() - done);
        if (luck() % 2 == 0) write_at(file, at, BytesView{op.bytes}.subspan(done, step));
        done += step;
    }
}

bool in_folder(const std::string& name, const std::string& folder) {
    return name.starts_with(folder + "/");
}

}  // namespace

Disk::Disk(const Disk& other) : shared_{other.shared_} {
    std::map<const Node*, std::shared_ptr<Node>> copies;
    const auto copy = [&copies](const Names& from, Names& to) {
        for (const auto& [name, node] : from) {
            std::shared_ptr<Node>& made = copies[node.get()];
            if (!made) made = std::make_shared<Node>(*node);
            to[name] = made;
        }
    };
    copy(other.now_, now_);
    copy(other.durable_, durable_);
}

Disk& Disk::operator=(const Disk& other) {
    Disk made{other};
    std::swap(now_, made.now_);
    std::swap(durable_, made.durable_);
    std::swap(shared_, made.shared_);
    return *this;
}

void Disk::apply(const DiskOp& op) {
    using Kind = DiskOp::Kind;
    if (op.kind == Kind::shared) {
        shared_[op.name] = op.bytes;
        return;
    }
    if (op.kind == Kind::sync_names) {
        std::erase_if(durable_, [&op](const auto& entry) { return in_folder(entry.first, op.name); });
        for (const auto& entry : now_)
            if (in_folder(entry.first, op.name)) durable_.insert(entry);
        return;
    }
    if (op.kind == Kind::remove) {
        now_.erase(op.name);
        return;
    }
    if (op.kind == Kind::rename) {
        now_[op.target] = now_.at(op.name);
        now_.erase(op.name);
        return;
    }
    std::shared_ptr<Node>& node = now_[op.name];
    if (!node) node = std::make_shared<Node>();
    if (op.kind == Kind::sync) {
        node->durable = node->now;
        node->pending.clear();
        durable_[op.name] = node;
        return;
    }
    if (op.kind == Kind::write) write_at(node->now, op.offset, op.bytes);
    if (op.kind == Kind::truncate) node->now.resize(op.offset);
    node->pending.push_back(op);
}

Disk::Names Disk::names_after(Cut cut, std::mt19937& luck) const {
    if (cut == Cut::killed) return now_;
    if (cut == Cut::power) return durable_;
    Names out;
    Names all = now_;
    all.insert(durable_.begin(), durable_.end());
    for (const auto& entry : all) {
        const Names& from = luck() % 2 == 0 ? now_ : durable_;
        const auto found = from.find(entry.first);
        if (found != from.end()) out.insert(*found);
    }
    return out;
}

Bytes Disk::content_after(const Node& node, Cut cut, std::mt19937& luck) {
    if (cut == Cut::killed) return node.now;
    Bytes out = node.durable;
    if (cut == Cut::power) return out;
    for (const DiskOp& op : node.pending) {
        if (op.kind == DiskOp::Kind::write) write_torn(out, op, luck);
        if (op.kind == DiskOp::Kind::truncate && luck() % 2 == 0) out.resize(op.offset);
    }
    return out;
}

void Disk::lay_out(const std::string& folder, const std::filesystem::path& into, Cut cut,
                   std::uint32_t seed) const {
    std::mt19937 luck{seed};
    const auto put = [&into, &folder](const std::string& name, BytesView bytes) {
        std::ofstream file{into / name.substr(folder.size() + 1), std::ios::binary | std::ios::trunc};
        file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    };
    for (const auto& [name, node] : names_after(cut, luck)) {
        const Bytes bytes = content_after(*node, cut, luck);
        if (in_folder(name, folder)) put(name, bytes);
    }
    if (cut != Cut::killed) return;
    for (const auto& [name, bytes] : shared_)
        if (in_folder(name, folder)) put(name, bytes);
}

std::optional<Bytes> Disk::content(const std::string& name, Cut cut, std::uint32_t seed) const {
    std::mt19937 luck{seed};
    const Names names = names_after(cut, luck);
    const auto found = names.find(name);
    if (found == names.end()) return std::nullopt;
    return content_after(*found->second, cut, luck);
}

}  // namespace plimsoll::crash
