package dev.spillway.app.scenario;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Something a user, a region or time does; or a pause until something has happened. Immutable. */
sealed interface Step {
    /** Creates or changes objects, by their names in the file. */
    record Apply(List<String> objects) implements Step {
        public Apply {
            objects = List.copyOf(objects);
        }
    }

    /** Sets a Deployment's replicas. */
    record Scale(String deployment, int replicas) implements Step {}

    /** Deletes an object of the file. */
    record Delete(String object) implements Step {}

    /** Moves the decision clock ahead. */
    record Advance(Duration by) implements Step {}

    /** Changes a region's stock at the region, behind the cluster's back. */
    record SetStock(String region, Scenario.Stock stock) implements Step {}

    /** Makes the instance fail that runs the first, by name, of the pods with these labels. */
    record Fail(Map<String, String> pods) implements Step {
        public Fail {
            pods = Map.copyOf(pods);
        }
    }

    /**
     * Goes on as soon as all of it holds at once.
     *
     * @param what the event that is waited for, in words
     * @param within wall time after which the scenario has failed
     */
    record Wait(String what, Duration within, List<Expectation> until) implements Step {
        public Wait {
            until = List.copyOf(until);
        }
    }

    /**
     * Lets time pass, 10 minutes of the decision clock and 2 seconds of wall time, in which all of it must hold whenever one
     * looks.
     */
    record Hold(String what, List<Expectation> expectations) implements Step {
        public Hold {
            expectations = List.copyOf(expectations);
        }
    }
}
