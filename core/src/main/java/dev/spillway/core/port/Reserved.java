package dev.spillway.core.port;

import dev.spillway.core.model.PodUid;
import java.util.Comparator;
import java.util.List;

/**
 * The slots of a policy's capped units that are promised to pods not known to be bound yet, as the policy's status keeps them. Two
 * processes that both believe to lead meet here: each change is a compare-and-set.
 *
 * @param holder who may promise slots; empty where nobody has yet
 * @param slots the promises, in order
 */
public record Reserved(String holder, List<Slot> slots) {
    private static final Comparator<Slot> ORDER =
            Comparator.comparing(Slot::pod).thenComparingInt(Slot::unit);

    /** Nobody has promised anything. */
    public static final Reserved NONE = new Reserved("", List.of());

    /** A slot for a pod; position of the unit from 1. */
    public record Slot(PodUid pod, int unit) {}

    public Reserved {
        slots = slots.stream().distinct().sorted(ORDER).toList();
    }
}
