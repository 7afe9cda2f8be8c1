package dev.spillway.core.reason;

import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.UnitKey;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of the event Scheduled: {@code Assigned POD to NODE (WHAT), unit N of policy P; passed over UNITS}, which programs read back.
 * Written and read here alone.
 */
public final class ScheduledText {
    private static final String PASSED_OVER = "; passed over ";
    private static final Pattern WHAT = Pattern.compile("Assigned \\S+ to \\S+ \\(([^)]*)\\)");

    private ScheduledText() {}

    /**
     * Writes it.
     *
     * @param what kind of capacity, and where it was bought; may be empty
     * @param unit that placed the pod; null where no policy did
     * @param passedOver what the units before it answered, as {@link Explanation#unitsText} has it; may be empty
     */
    public static String of(PodKey pod, NodeName node, String what, @Nullable UnitKey unit, String passedOver) {
        var text = new StringBuilder("Assigned %s to %s".formatted(pod, node));
        if (!what.isEmpty()) {
            text.append(" (").append(what).append(')');
        }
        if (unit != null) {
            text.append(
                    unit.position() == 0
                            ? ", outside the units of policy " + unit.policy().name()
                            : ", unit %d of policy %s"
                                    .formatted(unit.position(), unit.policy().name()));
        }
        if (!passedOver.isEmpty()) {
            text.append(PASSED_OVER).append(passedOver);
        }
        return text.toString();
    }

    /** Reads what kind of capacity the pod got, and where it was bought; empty where the text has none. */
    public static String what(String text) {
        var told = WHAT.matcher(text);
        return told.lookingAt() ? told.group(1) : "";
    }

    /** Reads what the units before the one that won answered, for {@link ExplanationText#parseLines}; empty where the text has none. */
    public static String passedOver(String text) {
        int at = text.indexOf(PASSED_OVER);
        return at < 0 ? "" : text.substring(at + PASSED_OVER.length());
    }
}
