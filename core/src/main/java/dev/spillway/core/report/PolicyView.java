package dev.spillway.core.report;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.policy.UnitCounts;
import dev.spillway.core.port.PolicyStatus;
import dev.spillway.core.port.RegionStatus.Verdict;
import dev.spillway.core.reason.PodReason;
import dev.spillway.core.reason.Reason;
import dev.spillway.core.reason.RegionReason;
import dev.spillway.core.region.Region;
import dev.spillway.core.report.PolicyMistakes.At;
import dev.spillway.core.report.PolicyMistakes.Tally;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * How a policy looks now: whether it can be used, whether what it names is there, and who and how many nodes are in each unit. What
 * is wrong is taken from the declared objects, so that it shows before the first pod, and from what pods met.
 */
public final class PolicyView {
    private final World world;
    private final UnitCounts counts;
    private final PolicyMistakes policyMistakes;
    private final Map<Labels, Integer> realNodes = new HashMap<>(); // by selector; only looked up
    private long asOf = -1;

    public PolicyView(Step step, UnitCounts counts, PolicyMistakes policyMistakes) {
        this.world = step.world();
        this.counts = counts;
        this.policyMistakes = policyMistakes;
    }

    public PolicyStatus of(Policy policy) {
        var problem = world.problemOf(policy.key());
        if (!problem.isEmpty()) {
            return PolicyStatus.unusable(policy.generation(), new Verdict(false, "Invalid", problem));
        }
        return new PolicyStatus(policy.generation(), new Verdict(true, "Valid", ""), consistent(policy), units(policy));
    }

    private List<PolicyStatus.UnitCount> units(Policy policy) {
        var units = new ArrayList<PolicyStatus.UnitCount>();
        for (int i = 0; i < policy.units().size(); i++) {
            var unit = policy.units().get(i);
            int count = counts.count(policy.key(), i + 1);
            units.add(new PolicyStatus.UnitCount(i + 1, count, unit.max(), nodes(unit)));
        }
        return units;
    }

    private int nodes(Unit unit) {
        if (unit.resource().isRegional()) {
            var named = unit.podLabels().getOr(Names.REGION_ID, "");
            var zones = named.isEmpty() ? world.regions.zones() : world.regions.zonesOf(new RegionId(named));
            return (int) StreamSupport.stream(zones.spliterator(), false)
                    .filter(zone -> zone.labels().containsAll(unit.nodeSelector()))
                    .count();
        }
        if (asOf != world.nodeLabelsVersion()) {
            asOf = world.nodeLabelsVersion();
            realNodes.clear();
        }
        return realNodes.computeIfAbsent(unit.nodeSelector(), world::realNodesWith);
    }

    private Verdict consistent(Policy policy) {
        var all = new TreeMap<At, Tally>(policyMistakes.of(policy.key()));
        for (int i = 0; i < policy.units().size(); i++) {
            declared(policy.units().get(i), i + 1, all);
        }
        if (all.isEmpty()) {
            return new Verdict(true, "NothingMissing", "");
        }
        var text = all.entrySet().stream()
                .map(entry -> clause(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining("; "));
        return new Verdict(false, all.firstKey().code(), text + ".");
    }

    private static String clause(At at, Tally tally) {
        var unit = at.unit() == 0 ? "" : "unit " + at.unit() + ": ";
        var pods = tally.pods() == 0 ? "no pod yet" : tally.pods() + (tally.pods() == 1 ? " pod" : " pods");
        return "%s%s (%s): %s".formatted(unit, at.code(), pods, tally.text());
    }

    /** What a unit names and nobody declares. A pod's own labels may name something else, so only what the unit itself says counts. */
    private void declared(Unit unit, int position, SortedMap<At, Tally> all) {
        if (!unit.resource().isRegional()) {
            return;
        }
        var region = unit.podLabels().getOr(Names.REGION_ID, unit.nodeSelector().getOr(Names.REGION, ""));
        if (!region.isEmpty() && world.regions.get(new RegionId(region)) == null) {
            add(all, position, new RegionReason.UnknownRegion(region, world.regions.ids()));
            return;
        }
        if (unit.podLabels().has(Names.COMPUTE_CLASS, "gpu-hpn")) {
            add(all, position, new PodReason.ReservedOnly());
            return;
        }
        var model = unit.podLabels().getOr(Names.GPU_MODEL, "");
        if (!model.isEmpty() && !isDeclared(model, region)) {
            var text = region.isEmpty()
                    ? "no Region declares GPU model %s among its offers".formatted(model)
                    : "region %s does not declare GPU model %s among its offers".formatted(region, model);
            add(all, new At(position, "NotDeclared"), text);
        }
    }

    private boolean isDeclared(String model, String region) {
        for (var entry : world.regions.all()) {
            var declared = entry.region();
            if ((region.isEmpty() || region.equals(declared.id().value())) && sells(declared, model)) {
                return true;
            }
        }
        return false;
    }

    private static boolean sells(Region region, String model) {
        return region.offers().isEmpty()
                || region.offers().stream().anyMatch(rule -> rule.gpuModel().equals(model));
    }

    private static void add(SortedMap<At, Tally> all, int position, Reason reason) {
        add(all, new At(position, reason.code()), reason.text());
    }

    /** What is declared is said once for the unit, with the number of pods that met it. */
    private static void add(SortedMap<At, Tally> all, At at, String text) {
        var met = all.get(at);
        all.put(at, new Tally(met == null ? 0 : met.pods(), text));
    }
}
