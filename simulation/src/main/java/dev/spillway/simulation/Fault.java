package dev.spillway.simulation;

/**
 * What can go wrong in a simulated world; docs/specification/faults.md names them all. The rate is how often of ten thousand chances it
 * strikes; 0 where something else than a chance decides when it happens.
 */
public enum Fault {
    REGION_REFUSAL("a region refuses", 0),
    UNPREPARED("what a pod needs in a region cannot be had for a moment", 300),
    REGION_REQUEST_LOST("a request to a region is lost", 120),
    REGION_ANSWER_LOST("a region's answer is lost", 200),
    REGION_EFFECT_LATE("a request to a region takes effect after its deadline", 120),
    REGION_REQUEST_DOUBLED("a request to a region is delivered twice", 300),
    REGION_OUTAGE("a region is out of order for a while", 0),
    REGION_LIST_FAILED("a list of instances fails", 1_000),
    REGION_LIST_EMPTY("a list of instances is falsely empty", 1_500),
    REGION_READ_LAGS("a region's answer lags behind what it has sold", 0),
    FAILED_AFTER_ACCEPT("an accepted instance fails instead of starting", 0),
    INSTANCE_VANISHED("an instance vanishes", 0),
    INSTANCE_ENDED("an instance is reclaimed or its containers fail", 0),
    REPORT_LOST("a report of an instance is lost", 500),
    REPORT_DOUBLED("a report of an instance comes twice", 500),
    REPORT_REORDERED("a report of an instance is overtaken by later ones", 500),
    REPORTS_CUT("the reports of a region are cut for a while", 200),
    API_REQUEST_LOST("a request to the API server is lost", 80),
    API_ANSWER_LOST("the API server's answer is lost", 150),
    API_EFFECT_LATE("a request to the API server takes effect at the last moment", 100),
    API_REQUEST_DOUBLED("a request to the API server is delivered twice", 150),
    API_ERROR("the API server answers with an error of its own", 150),
    WATCH_EVENT_LOST("a watch event is dropped in silence", 40),
    WATCH_EVENT_DOUBLED("a watch event is delivered twice", 300),
    WATCH_EXPIRED("a watch's version has expired", 60),
    WATCH_CUT("a watch is cut", 100),
    WATCH_EMPTY("for a while each watch is accepted and ends at once with nothing in it", 400),
    CRASH("a process crashes while it waits", 0),
    CRASH_IN_STEP("a process crashes between two of its writes", 60),
    RESTART("a process starts after another", 0),
    PAUSE("a process is paused and goes on", 0),
    OVERLAP("two processes overlap", 0),
    BOUND_BY_OTHERS("somebody else binds a pod", 0),
    REGION_DOWN("a region is down from the start on", 0),
    ABSENCE("nobody renews the Leases of the nodes for a while", 0),
    NODE_TAKEN_FOR_DEAD("the cluster takes a node for dead that gave no sign of life", 0),
    TAINT_EVICTION("the cluster evicts a pod from a node that it takes for dead", 0),
    EVICTION_LOST("an eviction is answered by an error", 2_000),
    POLICY_DELETED("a policy is deleted before the pods that wait for it", 0);

    private final String text;
    private final int perTenThousand;

    Fault(String text, int perTenThousand) {
        this.text = text;
        this.perTenThousand = perTenThousand;
    }

    /** The fault in words. */
    public String text() {
        return text;
    }

    int perTenThousand() {
        return perTenThousand;
    }
}
