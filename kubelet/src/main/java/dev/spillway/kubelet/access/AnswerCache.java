package dev.spillway.kubelet.access;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Remembers so many answers for a while, the newest ones. Thread-safe. */
final class AnswerCache<K, V> {
    private record Entry<V>(V value, long untilNanos) {}

    private final int most;
    private final LongSupplier nanos;
    private final LinkedHashMap<K, Entry<V>> entries = new LinkedHashMap<>(); // guarded by this; oldest first

    AnswerCache(int most, LongSupplier nanos) {
        this.most = most;
        this.nanos = nanos;
    }

    synchronized Optional<V> get(K key) {
        var entry = entries.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        if (entry.untilNanos() - nanos.getAsLong() <= 0) {
            entries.remove(key);
            return Optional.empty();
        }
        return Optional.of(entry.value());
    }

    synchronized void put(K key, V value, Duration keep) {
        entries.remove(key);
        entries.put(key, new Entry<>(value, nanos.getAsLong() + keep.toNanos()));
        if (entries.size() > most) {
            entries.remove(entries.firstEntry().getKey());
        }
    }

    synchronized int size() {
        return entries.size();
    }
}
