package dev.spillway.regions.conformance;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.RegionBackend;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;

/**
 * A region made for tests, and the faults it can be given: what a backend has to provide to be tested. It has the region, the two
 * zones and the GPU model that {@link RequestBuilder} asks for, and starts with no stock and no fault. Faults are in force when
 * the method returns, also for connections that are open.
 */
public interface RegionFixture extends AutoCloseable {
    /** GPU model that the region does not sell. */
    String MODEL_NOT_OFFERED = "not-offered";

    /** What is wrong with a region or with the way to it. */
    enum Disturbance {
        NONE,
        /** It says that it processes nothing. */
        UNAVAILABLE,
        /** It rejects the credentials. */
        UNAUTHORISED,
        /** It has had too many calls and wants none for {@link #RETRY_AFTER}. */
        THROTTLED,
        /** It takes calls and does not answer. */
        HANGING,
        /** It carries calls out and their answers are lost. */
        LOSING_ANSWERS,
        /** Nobody listens there. */
        UNREACHABLE
    }

    /** How long a throttled region wants to be left alone. */
    Duration RETRY_AFTER = Duration.ofSeconds(3);

    /** A backend for a cluster, as production opens it, its deadline long enough for a busy machine. Closed by the fixture. */
    RegionBackend open(String clusterId);

    /** The same with this deadline of each call. */
    RegionBackend open(String clusterId, Duration deadline);

    /** An id of the form that the region gives, which it never gave. */
    default InstanceId idThatNeverWas() {
        return new InstanceId("i-that-never-was");
    }

    /** Sets how many instances a zone has in all, of every offer sold there. */
    void stock(String zone, int instances);

    /** Sets how many instances the account may have at once. */
    void quota(int instances);

    /** What is answered where it is reached: another refusal only where the quota is not the account's but of some pods. */
    default Class<? extends Refusal> refusalAtQuota() {
        return Refusal.QuotaReached.class;
    }

    /** Disturbs the region, in place of the disturbance before. */
    void disturb(Disturbance disturbance);

    /** Makes accepted instances fail instead of starting, reason NoStock, from now on. */
    void failAfterAccept();

    /** Takes a running instance away, as a region does with interruptible capacity. */
    void reclaim(InstanceId instance);

    /**
     * Makes every call answer with the given kind of nonsense: wrong syntax, wrong types, somebody else's instance, a proxy's error
     * page. False where there are no more kinds.
     */
    boolean answerNonsense(int kind);

    /**
     * Makes the region list nothing at all, as one does that lost a permission, while instances stay and are found by id. Returns
     * when a watch that is under way has been given such a list.
     */
    void listNothing();

    /** Makes lists break off in the middle; the region is well otherwise. */
    void failListsHalfWay();

    /** Whether calls leave this process, so that they can be slow. */
    default boolean callsTakeTime() {
        return true;
    }

    /** Ends a test whose fault this backend cannot meet; the reason stands in the table of outcomes. */
    static void doesNotApply(String why) {
        Assumptions.abort(why);
    }

    /**
     * Cuts all watches off, runs {@code meanwhile}, makes the region forget the changes so far, and lets watches in again.
     * {@code meanwhile} gets a backend of the cluster that is not cut off.
     */
    void watchGap(String clusterId, Consumer<RegionBackend> meanwhile);

    /** Instances that hold capacity in the region, of all clusters: counted in the region, not through a backend. */
    int liveInstances();

    /** Instances that the region ever accepted, of all clusters. */
    int instancesEver();

    @Override
    void close();
}
