package dev.spillway.bench.region;

import dev.spillway.bench.cluster.AuditLog;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Requests, counted by who made them. */
final class Agents {
    private Agents() {}

    /** A user agent without versions: {@code kube-scheduler}, {@code spillway (controller)}. */
    static String nameOf(String agent) {
        int slash = agent.indexOf('/');
        var program = slash < 0 ? agent : agent.substring(0, slash);
        int role = agent.indexOf('(');
        return program.equals("spillway") && role > 0 ? program + " " + agent.substring(role) : program;
    }

    /** Writes by agent and kind, without those of Leases, which come with time and not with pods. */
    static Map<String, Long> writes(List<AuditLog.Write> writes) {
        return counted(
                writes.stream()
                        .filter(write -> !write.resource().equals("leases"))
                        .toList(),
                write -> nameOf(write.agent()) + ": " + write.kind());
    }

    /** How many of each key, in the key's order. */
    static Map<String, Long> counted(List<AuditLog.Write> writes, Function<AuditLog.Write, String> key) {
        return writes.stream().collect(Collectors.groupingBy(key, TreeMap::new, Collectors.counting()));
    }
}
