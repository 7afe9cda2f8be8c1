package dev.spillway.recording.replay;

import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The pods, regions and policies that a value names, wherever in it, in the order in which it names them; as text at most three of each. */
public record Subjects(Set<Object> pods, Set<RegionId> regions, Set<PolicyKey> policies) {
    private static final int SHOWN = 3;

    /** What these events or effects are about. */
    public static Subjects of(Object... values) {
        var subjects = new Subjects(new LinkedHashSet<>(), new LinkedHashSet<>(), new LinkedHashSet<>());
        for (var value : values) {
            subjects.collect(value);
        }
        return subjects;
    }

    /** What the first difference is about; where that is nobody, what its event is about. */
    static Subjects of(Verdict.Differs difference) {
        var effects = Pairing.of(difference.expected(), difference.actual()).stream()
                .filter(pair -> !pair.isEqual())
                .findFirst();
        var subjects = effects.map(pair -> of(pair.present().toArray())).orElseGet(() -> of(new Object[0]));
        return subjects.isEmpty() ? of(difference.recorded().event()) : subjects;
    }

    boolean isEmpty() {
        return pods.isEmpty() && regions.isEmpty() && policies.isEmpty();
    }

    private void collect(@Nullable Object value) {
        switch (value) {
            case PodUid uid -> pods.add(uid);
            case PodKey key -> pods.add(key);
            case RegionId region -> regions.add(region);
            case PolicyKey policy -> policies.add(policy);
            case Record whole -> Values.of(whole).forEach(part -> collect(part.value()));
            case Collection<?> all -> all.forEach(this::collect);
            case Map<?, ?> map -> map.values().forEach(this::collect);
            case null, default -> {}
        }
    }

    /** Such as {@code pod demo/web-7 0f5b…, region near}. */
    @Override
    public String toString() {
        var text = new StringJoiner("; ");
        add(text, "pod", pods.stream().map(Subjects::name).toList());
        add(text, "region", regions.stream().map(RegionId::value).toList());
        add(text, "policy", policies.stream().map(Subjects::name).toList());
        return text.toString();
    }

    private static void add(StringJoiner text, String kind, Collection<String> names) {
        if (!names.isEmpty()) {
            text.add(kind + " " + String.join(" ", names.stream().limit(SHOWN).toList())
                    + (names.size() > SHOWN ? " and %d more".formatted(names.size() - SHOWN) : ""));
        }
    }

    private static String name(Object key) {
        return switch (key) {
            case PodKey pod -> pod.namespace() + "/" + pod.name();
            case PolicyKey policy -> policy.namespace() + "/" + policy.name();
            case PodUid uid -> uid.value();
            default -> key.toString();
        };
    }
}
