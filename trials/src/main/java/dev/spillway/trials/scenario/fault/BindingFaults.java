package dev.spillway.trials.scenario.fault;

import dev.spillway.app.controller.Seams;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.Binding;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.WriteAnswer;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What is written onto a pod with its node is not what should be. */
final class BindingFaults {
    private static final int FIRST_COST = 2000; // of a pod of the first unit
    private static final int COST_STEP = 100;

    static final List<Fault> ALL = List.of(
            new Fault(
                    "unit-labels-not-written",
                    "a pod keeps its labels as they were",
                    Planted.bindings((binding, pod) -> with(binding, Labels.empty(), binding.annotations()))),
            new Fault(
                    "pods-labels-win",
                    "a label that the pod has stays, although the unit gives it another value",
                    Planted.bindings((binding, pod) ->
                            with(binding, absentFrom(pod.labels(), binding.labels()), binding.annotations()))),
            new Fault(
                    "default-qos-not-written",
                    "a pod without QoS gets none",
                    Planted.bindings((binding, pod) -> binding.labels().has(Names.COMPUTE_QOS, Names.DEFAULT_QOS)
                            ? with(binding, binding.labels().without(Names.COMPUTE_QOS), binding.annotations())
                            : binding)),
            new Fault(
                    "default-qos-always-written",
                    "a pod gets the default QoS although its strategy decides",
                    Planted.bindings((binding, pod) -> binding.labels().get(Names.COMPUTE_QOS) == null
                            ? with(
                                    binding,
                                    binding.labels().with(Labels.of(Names.COMPUTE_QOS, Names.DEFAULT_QOS)),
                                    binding.annotations())
                            : binding)),
            new Fault(
                    "wait-label-written",
                    "the label that asks to wait is written onto pods",
                    Planted.bindings((binding, pod) -> with(
                            binding,
                            binding.labels().with(Labels.of(Names.WAIT_LABEL, "true")),
                            binding.annotations()))),
            new Fault(
                    "cost-not-written",
                    "a pod gets no deletion cost",
                    annotations(all -> all.without(Names.DELETION_COST))),
            new Fault("cost-reversed", "pods of later units cost more", costs(cost -> FIRST_COST + COST_STEP - cost)),
            new Fault("cost-off-by-one-unit", "a pod has the cost of the next unit", costs(cost -> cost - COST_STEP)),
            new Fault("cost-constant", "all pods have the same cost", costs(cost -> FIRST_COST)),
            new Fault(
                    "own-cost-kept",
                    "a pod that has a deletion cost keeps it",
                    Planted.bindings((binding, pod) -> pod.annotations().get(Names.DELETION_COST) == null
                            ? binding
                            : with(
                                    binding,
                                    binding.labels(),
                                    binding.annotations().without(Names.DELETION_COST)))),
            lacking("region-annotation-missing", "the region is not written onto pods", Names.REGION),
            lacking("zone-annotation-missing", "the zone is not written onto pods", Names.ZONE),
            lacking("instance-annotation-missing", "the instance is not written onto pods", Names.INSTANCE_ID),
            lacking("unit-annotation-missing", "the unit is not written onto pods", Names.UNIT));

    private BindingFaults() {}

    private static Fault lacking(String name, String says, String key) {
        return new Fault(name, says, annotations(all -> all.without(key)));
    }

    private static Supplier<Seams> costs(IntUnaryOperator disturbed) {
        return annotations(all -> {
            var cost = all.get(Names.DELETION_COST);
            return cost == null
                    ? all
                    : all.with(Labels.of(
                            Names.DELETION_COST, Integer.toString(disturbed.applyAsInt(Integer.parseInt(cost)))));
        });
    }

    /** What is written onto pods, with their node or afterwards. */
    private static Supplier<Seams> annotations(UnaryOperator<Labels> disturbed) {
        return Planted.cluster(cluster -> new PassingCluster(cluster) {
            @Override
            public WriteAnswer bind(Binding binding) {
                return super.bind(with(binding, binding.labels(), disturbed.apply(binding.annotations())));
            }

            @Override
            public WriteAnswer write(ClusterWrite write) {
                if (!(write instanceof ClusterWrite.Annotate(PodKey pod, PodUid uid, Labels annotations))) {
                    return super.write(write);
                }
                var written = disturbed.apply(annotations);
                return written.isEmpty()
                        ? new WriteAnswer.Done()
                        : super.write(new ClusterWrite.Annotate(pod, uid, written));
            }
        });
    }

    private static Binding with(Binding binding, Labels labels, Labels annotations) {
        return new Binding(binding.pod(), binding.uid(), binding.node(), labels, annotations);
    }

    private static Labels absentFrom(Labels present, Labels added) {
        var absent = added.toMap();
        present.forEach((key, value) -> absent.remove(key));
        return Labels.of(absent);
    }
}
