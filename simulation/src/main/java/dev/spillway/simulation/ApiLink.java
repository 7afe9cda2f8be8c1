package dev.spillway.simulation;

import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.PodListAnswer;
import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.port.ReserveAnswer;
import dev.spillway.core.port.SelectorAnswer;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.kube.translate.ClusterRequests;
import dev.spillway.kube.translate.Exchange;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Carries the effects of one process to the API server, through production's translation, and loses, doubles and delays them.
 * As in production an effect has a deadline, counted from when the engine emitted it: nothing is sent after it, and what was sent
 * takes effect before it or never.
 */
final class ApiLink {
    private static final long BIND_DEADLINE_MILLIS = 5_000;
    private static final long DEADLINE_MILLIS = 10_000;
    private static final List<Integer> ERRORS = List.of(429, 500, 503, 504);

    private final World world;
    private final ControllerProcess process;

    ApiLink(World world, ControllerProcess process) {
        this.world = world;
        this.process = process;
    }

    void bind(Effect.Bind effect, long emittedMillis) {
        var exchange = ClusterRequests.bind(effect.binding(), ClusterRequests.BindingLabels.COPIED);
        new Call<WriteAnswer>(
                        emittedMillis + BIND_DEADLINE_MILLIS,
                        WriteAnswer.Unknown::new,
                        answer -> new Event.BindAnswered(effect, answer),
                        response -> {
                            if (response.isSuccess()) {
                                world.watchdog.bindingDone(process, effect.binding());
                            }
                        })
                .start(exchange);
    }

    void read(Effect.ReadPod effect, long emittedMillis) {
        new Call<PodReadAnswer>(
                        emittedMillis + DEADLINE_MILLIS,
                        PodReadAnswer.Unknown::new,
                        answer -> new Event.PodRead(effect, answer),
                        response -> {})
                .start(ClusterRequests.readPod(effect.pod()));
    }

    void list(Effect.ListPods effect, long emittedMillis) {
        new Call<PodListAnswer>(
                        emittedMillis + DEADLINE_MILLIS,
                        PodListAnswer.Unknown::new,
                        answer -> new Event.PodsListed(effect, answer),
                        response -> {})
                .start(ClusterRequests.listPods(effect.namespace()));
    }

    void reserve(Effect.Reserve effect, long emittedMillis) {
        new Call<ReserveAnswer>(
                        emittedMillis + DEADLINE_MILLIS,
                        ReserveAnswer.Unknown::new,
                        answer -> new Event.SlotsReserved(effect, answer),
                        response -> {})
                .start(ClusterRequests.reserve(effect.policy(), effect.expected(), effect.desired()));
    }

    void readSelector(Effect.ReadSelector effect, long emittedMillis) {
        new Call<SelectorAnswer>(
                        emittedMillis + DEADLINE_MILLIS,
                        SelectorAnswer.Unknown::new,
                        answer -> new Event.SelectorRead(effect, answer),
                        response -> {})
                .start(ClusterRequests.readSelector(effect.namespace(), effect.owner()));
    }

    void write(ClusterWrite write, long emittedMillis) {
        if (write instanceof ClusterWrite.Evict && world.chaos.strikesOnGoodDays(Fault.EVICTION_LOST)) {
            world.timeline.after(
                    world.chaos.travel(),
                    () -> process.tell(new Event.Written(write, new WriteAnswer.Unknown("503 Service Unavailable"))));
            return;
        }
        new Call<WriteAnswer>(
                        emittedMillis + DEADLINE_MILLIS,
                        WriteAnswer.Unknown::new,
                        answer -> new Event.Written(write, answer),
                        response -> {
                            if (write instanceof ClusterWrite.WriteStatus status && !process.isAlive()) {
                                world.watchdog.wroteAfterDeath(status.uid());
                            }
                        })
                .start(ClusterRequests.write(write, world.timeline.now()));
    }

    /** One effect on its way; the first answer counts. */
    private final class Call<A> {
        private final long deadline;
        private final Function<String, A> unknown;
        private final Function<A, Event> event;
        private final Consumer<ApiResponse> onEffect;
        private boolean over;

        Call(long deadline, Function<String, A> unknown, Function<A, Event> event, Consumer<ApiResponse> onEffect) {
            this.deadline = deadline;
            this.unknown = unknown;
            this.event = event;
            this.onEffect = onEffect;
        }

        void start(Exchange<A> exchange) {
            if (world.timeline.millis() >= deadline) {
                answerLater(0, "it was too late to send the request");
                return;
            }
            next(exchange);
        }

        private void next(Exchange<A> exchange) {
            switch (exchange) {
                case Exchange.Told<A>(A answer) -> answer(answer);
                case Exchange.Ask<A> ask -> send(ask);
            }
        }

        private void send(Exchange.Ask<A> ask) {
            var chaos = world.chaos;
            var request = ask.request();
            long left = deadline - world.timeline.millis();
            if (left <= 0) {
                answerLater(0, "no answer in time");
            } else if (chaos.strikes(Fault.API_REQUEST_LOST)) {
                answerLater(chaos.delay(1, left), "the connection broke");
            } else if (chaos.strikes(Fault.API_ERROR)) {
                int code = ERRORS.get(chaos.fate(ERRORS.size()));
                goOn(ask, ApiResponse.of(code, ""), 2 * chaos.travel());
            } else if (request.isMutating() && chaos.strikes(Fault.API_EFFECT_LATE)) {
                world.timeline.after(chaos.delay(left * 9 / 10, left), () -> effect(request));
                answerLater(left, "no answer in time");
            } else {
                deliver(ask, left);
            }
        }

        private void deliver(Exchange.Ask<A> ask, long left) {
            var chaos = world.chaos;
            boolean lost = chaos.strikes(Fault.API_ANSWER_LOST);
            boolean doubled = ask.request().isMutating() && chaos.strikes(Fault.API_REQUEST_DOUBLED);
            long there = Math.min(left, chaos.travel());
            long again = doubled ? chaos.delay(1, Math.min(300, Math.max(1, left - there))) : 0;
            world.timeline.after(there, () -> {
                var first = effect(ask.request());
                world.timeline.after(again, () -> {
                    // Two deliveries are answered once, after both, with what either of them met.
                    var second = doubled ? effect(ask.request()) : first;
                    var response = chaos.fate(2) == 0 ? first : second;
                    if (lost) {
                        answerLater(chaos.delay(1, Math.max(1, left - there - again)), "the connection broke");
                    } else {
                        goOn(ask, response, chaos.travel());
                    }
                });
            });
        }

        private ApiResponse effect(ApiRequest request) {
            var response = world.cluster.answer(request);
            onEffect.accept(response);
            return response;
        }

        private void goOn(Exchange.Ask<A> ask, ApiResponse response, long afterMillis) {
            world.timeline.after(
                    afterMillis,
                    () -> process.run(() -> {
                        if (!over) {
                            if (world.timeline.millis() > deadline) {
                                answer(unknown.apply("no answer in time"));
                            } else {
                                next(ask.then().apply(response));
                            }
                        }
                    }));
        }

        private void answerLater(long afterMillis, String why) {
            world.timeline.after(afterMillis, () -> process.run(() -> answer(unknown.apply(why))));
        }

        private void answer(A answer) {
            if (!over) {
                over = true;
                process.tell(event.apply(answer));
            }
        }
    }
}
