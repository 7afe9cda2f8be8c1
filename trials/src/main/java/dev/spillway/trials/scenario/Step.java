package dev.spillway.trials.scenario;

import dev.spillway.regions.simulated.Outage;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Something a user, a region or time does; or a pause until something has happened. Immutable. */
sealed interface Step {
    /** What must hold at it, on the way. */
    default List<Expectation> expected() {
        return List.of();
    }

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

    /** The same, but because the region takes the capacity back. */
    record Reclaim(Map<String, String> pods) implements Step {
        public Reclaim {
            pods = Map.copyOf(pods);
        }
    }

    /** From now on so many of a thousand instances fail after a region accepted them. */
    record FailAfterAccept(String region, int perMille) implements Step {}

    /** From now on the answers to so many of a thousand calls do not arrive, although they are carried out. */
    record LoseAnswers(String region, int perMille) implements Step {}

    /** From now on this is wrong with the region as a whole; what runs there is not touched. */
    record SetOutage(String region, Outage outage) implements Step {}

    /** Deletes the pods with these labels, whatever made them. */
    record DeletePods(Map<String, String> pods) implements Step {
        public DeletePods {
            pods = Map.copyOf(pods);
        }
    }

    /** Makes a node unschedulable, as {@code kubectl cordon} does. */
    record Cordon(String node) implements Step {}

    /** Deletes a node's object, as a cloud controller does that does not know the node. */
    record DeleteNode(String node) implements Step {}

    /** Edits the zones of a Region. */
    record Zones(String region, List<String> zones) implements Step {
        public Zones {
            zones = List.copyOf(zones);
        }
    }

    /** Binds a pod of the file to a node, as another scheduler would. */
    record Bind(String pod, String node) implements Step {}

    /** Deletes a pod of the file whose containers go on, so that it stays Terminating. */
    record Terminate(String pod) implements Step {}

    /** The containers of such a pod end, and it is gone. */
    record LetGo(String pod) implements Step {}

    /** A node that the file gives comes into the cluster. */
    record Join(String node) implements Step {}

    /** It goes. */
    record Leave(String node) implements Step {}

    /** It says that it is ready, or not. */
    record NodeReady(String node, boolean ready) implements Step {}

    /** The first, by name, of the pods with these labels on a node is not ready any more. */
    record Unready(Map<String, String> pods, String node) implements Step {
        public Unready {
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

        @Override
        public List<Expectation> expected() {
            return until;
        }
    }

    /**
     * Lets time pass in which all of it must hold whenever one looks; of wall time 2 seconds.
     *
     * @param span of the decision clock
     */
    record Hold(String what, Duration span, List<Expectation> expectations) implements Step {
        public Hold {
            expectations = List.copyOf(expectations);
        }

        @Override
        public List<Expectation> expected() {
            return expectations;
        }
    }
}
