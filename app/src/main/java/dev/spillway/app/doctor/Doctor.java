package dev.spillway.app.doctor;

import dev.spillway.app.cluster.ClusterException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes checks one after another; one that cannot be made does not stop the others.
 *
 * @param first without which the others make no sense: where it finds trouble, they are left out
 */
record Doctor(Check first, List<Check> others) {
    private static final String GRANT =
            "nothing is known of this; grant the right, or run doctor as somebody who has it";

    Doctor {
        others = List.copyOf(others);
    }

    /** Every diagnosis, in the order of the checks. */
    List<Diagnosis> look() {
        var found = new ArrayList<>(outcome(first));
        if (found.stream().noneMatch(one -> one.verdict() == Diagnosis.Verdict.TROUBLE)) {
            others.forEach(check -> found.addAll(outcome(check)));
        }
        return found;
    }

    private static List<Diagnosis> outcome(Check check) {
        try {
            return check.look();
        } catch (NotAllowedException e) {
            return List.of(Diagnosis.worthKnowing(check.subject(), String.valueOf(e.getMessage()), GRANT));
        } catch (ClusterException e) {
            return List.of(Diagnosis.trouble(check.subject(), String.valueOf(e.getMessage()), ""));
        }
    }
}
