package dev.spillway.trials.outside;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** The log of a process whose user reads something else: what is printed, while a controller works in the background. */
public final class Chatter {
    private Chatter() {}

    /** From now on only warnings are logged, and none about what this process does on purpose. */
    public static void hush() {
        level("dev.spillway", Level.WARN);
        // A region that is taken away is not asked again; an elector that ends on purpose says so as if it had lost.
        level("dev.spillway.regions.client", Level.ERROR);
        level("dev.spillway.kube.leader", Level.ERROR);
        // A server of this process that ends turns away, with a stack trace, whoever still comes.
        level("io.helidon.webserver.ServerListener", Level.OFF);
        // Says of every v1alpha1 that it is one.
        level("io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils", Level.ERROR);
    }

    private static void level(String name, Level level) {
        if (LoggerFactory.getLogger(name) instanceof Logger logger) {
            logger.setLevel(level);
        }
    }
}
