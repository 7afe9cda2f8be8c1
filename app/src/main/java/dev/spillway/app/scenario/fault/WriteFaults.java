package dev.spillway.app.scenario.fault;

import dev.spillway.core.cluster.Pod;
import dev.spillway.core.cluster.PodKey;
import dev.spillway.core.cluster.PodStatus;
import dev.spillway.core.cluster.PodUid;
import dev.spillway.core.cluster.PolicyStatus;
import dev.spillway.core.cluster.WriteAnswer;
import dev.spillway.core.policy.PolicyKey;
import dev.spillway.core.profile.ProfileUid;
import java.util.List;

/** What should be written is not, although it is said to have been. */
final class WriteFaults {
    private static final WriteAnswer DONE = new WriteAnswer.Done();

    static final List<Fault> ALL = List.of(
            new Fault(
                    "waiting-pods-say-nothing",
                    "no pod says why it waits",
                    Planted.cluster(cluster -> new PassingCluster(cluster) {
                        @Override
                        public WriteAnswer explain(PodKey pod, PodUid uid, String message) {
                            return DONE;
                        }
                    })),
            new Fault(
                    "reasons-without-code",
                    "a waiting pod names units, but no typed reason",
                    Planted.cluster(cluster -> new PassingCluster(cluster) {
                        @Override
                        public WriteAnswer explain(PodKey pod, PodUid uid, String message) {
                            return super.explain(pod, uid, message.replaceAll("[A-Z][a-z]+[A-Z][A-Za-z]+: ", ""));
                        }
                    })),
            new Fault(
                    "events-not-written",
                    "no event about a pod or the profile is written",
                    Planted.cluster(cluster -> new PassingCluster(cluster) {
                        @Override
                        public WriteAnswer announce(PodKey pod, PodUid uid, Announcement announcement) {
                            return DONE;
                        }

                        @Override
                        public WriteAnswer announceProfile(ProfileUid uid, Announcement announcement) {
                            return DONE;
                        }
                    })),
            new Fault(
                    "policy-status-not-written",
                    "a policy says nothing",
                    Planted.cluster(cluster -> new PassingCluster(cluster) {
                        @Override
                        public WriteAnswer writePolicyStatus(PolicyKey policy, PolicyStatus status) {
                            return DONE;
                        }
                    })),
            new Fault(
                    "end-not-written",
                    "a pod whose instance has ended goes on as it was",
                    Planted.cluster(cluster -> new PassingCluster(cluster) {
                        @Override
                        public WriteAnswer writeStatus(PodKey pod, PodUid uid, PodStatus status) {
                            return status.phase().isTerminal() ? DONE : super.writeStatus(pod, uid, status);
                        }
                    })),
            new Fault(
                    "shortage-not-written",
                    "a bound pod does not say that its instance could not be had",
                    Planted.cluster(cluster -> new PassingCluster(cluster) {
                        @Override
                        public WriteAnswer writeStatus(PodKey pod, PodUid uid, PodStatus status) {
                            return status.phase() == Pod.Phase.PENDING ? DONE : super.writeStatus(pod, uid, status);
                        }
                    })),
            new Fault(
                    "eviction-not-sent",
                    "a pod that is to make room stays",
                    Planted.cluster(cluster -> new PassingCluster(cluster) {
                        @Override
                        public WriteAnswer evict(PodKey pod, PodUid uid, String why) {
                            return DONE;
                        }
                    })));

    private WriteFaults() {}
}
