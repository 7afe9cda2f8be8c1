package dev.spillway.embedded.http;

import dev.spillway.embedded.rules.Admission;
import java.time.InstantSource;

/**
 * What an embedded cluster is started with.
 *
 * @param port of 127.0.0.1; 0 for any free one
 * @param seed decides UIDs and generated names
 * @param clock the cluster's time; what it does by time alone happens within half a second of it
 * @param logs who knows what the pods' containers say
 * @param admission what is done to new objects beside what every cluster does
 */
public record EmbeddedSettings(int port, long seed, InstantSource clock, PodLogs logs, Admission admission) {

    /** On wall time, with identities that differ from start to start and silent containers. */
    public static EmbeddedSettings onPort(int port) {
        InstantSource clock = InstantSource.system();
        return new EmbeddedSettings(port, clock.instant().toEpochMilli(), clock, PodLogs.silent(), Admission.none());
    }

    /** The same with containers that say something. */
    public EmbeddedSettings withLogs(PodLogs source) {
        return new EmbeddedSettings(port, seed, clock, source, admission);
    }

    /** The same with admission. */
    public EmbeddedSettings withAdmission(Admission what) {
        return new EmbeddedSettings(port, seed, clock, logs, what);
    }
}
