package dev.spillway.bench.spill;

import dev.spillway.bench.Distribution;
import dev.spillway.bench.cluster.AuditLog;
import dev.spillway.core.model.RegionId;
import dev.spillway.regions.simulated.AcquireCall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The way of each pod from its refusal to its Binding's 201, as the regions and the audit log saw it: all of it is between two
 * processes' clocks on one machine, and includes the refusal's way to the controller.
 *
 * @param refused pods that the first region refused once, and no other region
 * @param toNextCall from the first region's refusal to the call of acquire reaching the next region
 * @param toBinding from there to the Binding reaching the API server
 * @param binding within the API server
 * @param whole the sum of the three
 * @param writesBetween the controller's writes about these pods that reached the API server after the refusal and before the Binding; what
 *     comes while the Binding is carried out may be sent after its 201, which leaves the server a moment before the request counts as complete
 */
record SpillLegs(
        int refused,
        Distribution toNextCall,
        Distribution toBinding,
        Distribution binding,
        Distribution whole,
        List<AuditLog.Write> writesBetween) {

    static SpillLegs of(Phase.Outcome record, RegionId firstRegion) {
        var callsByPod = new HashMap<String, List<AcquireCall>>();
        for (var call : record.calls()) {
            var name = record.pods().get(call.pod());
            if (name != null) {
                callsByPod.computeIfAbsent(name, pod -> new ArrayList<>()).add(call);
            }
        }
        var writesByPod = new HashMap<String, List<AuditLog.Write>>();
        for (var write : record.writes()) {
            writesByPod.computeIfAbsent(write.pod(), pod -> new ArrayList<>()).add(write);
        }
        var toNextCall = new ArrayList<Duration>();
        var toBinding = new ArrayList<Duration>();
        var binding = new ArrayList<Duration>();
        var whole = new ArrayList<Duration>();
        var between = new ArrayList<AuditLog.Write>();
        for (Map.Entry<String, List<AcquireCall>> entry : callsByPod.entrySet()) {
            var calls = entry.getValue();
            boolean refusedOnce = calls.size() == 2
                    && calls.getFirst().offer().region().equals(firstRegion)
                    && calls.getFirst().outcome() == AcquireCall.Outcome.OUT_OF_STOCK
                    && calls.getLast().outcome() == AcquireCall.Outcome.ACCEPTED;
            var writes = writesByPod.getOrDefault(entry.getKey(), List.of());
            var bound = writes.stream()
                    .filter(write -> write.isBinding() && write.code() == 201)
                    .findFirst();
            if (!refusedOnce || bound.isEmpty()) {
                continue;
            }
            Instant refusedAt = calls.getFirst().at();
            Instant askedAt = calls.getLast().at();
            toNextCall.add(Duration.between(refusedAt, askedAt));
            toBinding.add(Duration.between(askedAt, bound.get().received()));
            binding.add(bound.get().served());
            whole.add(Duration.between(refusedAt, bound.get().completed()));
            writes.stream()
                    .filter(write -> !write.equals(bound.get()))
                    .filter(write -> !write.received().isBefore(refusedAt)
                            && write.received().isBefore(bound.get().received()))
                    .forEach(between::add);
        }
        return new SpillLegs(
                whole.size(),
                Distribution.of(toNextCall),
                Distribution.of(toBinding),
                Distribution.of(binding),
                Distribution.of(whole),
                List.copyOf(between));
    }
}
