package dev.spillway.clusterregion;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Token;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What this process knows of tokens: which are being asked with, and which bought something that was told to end. Thread-safe. */
final class Tokens {
    private static final int MOST = 20_000;

    private final Map<Token, Integer> asking = new HashMap<>();
    private final Map<Token, InstanceId> spent = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Token, InstanceId> eldest) {
            return size() > MOST;
        }
    };

    synchronized void begin(Token token) {
        asking.merge(token, 1, Integer::sum);
    }

    synchronized void end(Token token) {
        asking.computeIfPresent(token, (asked, times) -> times == 1 ? null : times - 1);
    }

    synchronized boolean isAsking(Token token) {
        return asking.containsKey(token);
    }

    synchronized void spend(Token token, InstanceId instance) {
        spent.put(token, instance);
    }

    synchronized @Nullable InstanceId spentOn(Token token) {
        return spent.get(token);
    }
}
