package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Completion;
import dev.migrator.model.Failure;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.Progress;
import dev.migrator.model.Side;
import dev.migrator.model.StepState;
import dev.migrator.model.StepStatus;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.model.Waiting;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Builders;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class StatusCodecPropertiesTest {

  private final StatusCodec codec = new StatusCodec(new KubernetesSerialization());

  @Property(tries = 500)
  void whatIsWrittenIsReadAgain(@ForAll("statuses") VmStatus status) {
    assertThat(codec.decode(codec.encode(status))).isEqualTo(status);
  }

  @Property(tries = 100)
  void equalStatusesHaveEqualTexts(@ForAll("statuses") VmStatus status) {
    assertThat(codec.encode(codec.decode(codec.encode(status)))).isEqualTo(codec.encode(status));
  }

  @Provide
  Arbitrary<VmStatus> statuses() {
    return Combinators.combine(texts(), texts(), vms())
        .as(VmStatus::builder)
        .flatMap(StatusCodecPropertiesTest::rest);
  }

  private static Arbitrary<VmStatus> rest(VmStatus.Builder identity) {
    return Builders.withBuilder(() -> identity.build().toBuilder())
        .use(Arbitraries.longs().greaterOrEqual(0))
        .in((it, value) -> it.version(value))
        .use(Arbitraries.of(VmState.class))
        .in((it, value) -> it.state(value))
        .use(texts().list().ofMaxSize(4))
        .in((it, value) -> it.phases(value))
        .use(texts().injectNull(0.3))
        .in((it, value) -> it.phase(value))
        .use(instants().injectNull(0.3))
        .in((it, value) -> it.entered(value))
        .use(Arbitraries.integers().greaterOrEqual(0))
        .in((it, value) -> it.attempts(value))
        .use(instants().injectNull(0.3))
        .in((it, value) -> it.due(value))
        .use(waitings().injectNull(0.3))
        .in((it, value) -> it.waiting(value))
        .use(steps().list().ofMaxSize(3))
        .in((it, value) -> it.steps(value))
        .use(Arbitraries.maps(texts(), texts()).ofMaxSize(4))
        .in((it, value) -> it.facts(value))
        .use(objects().list().ofMaxSize(3))
        .in((it, value) -> it.ledger(value))
        .use(instants().injectNull(0.3))
        .in((it, value) -> it.handedOver(value))
        .use(Arbitraries.of(Completion.class).injectNull(0.3))
        .in((it, value) -> it.completion(value))
        .use(failures(2).injectNull(0.3))
        .in((it, value) -> it.failure(value))
        .use(texts().list().ofMaxSize(3))
        .in((it, value) -> it.warnings(value))
        .build(VmStatus.Builder::build);
  }

  /** Whatever a cluster may say, control characters and other planes included. */
  private static Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().alpha().ofMaxLength(12),
        Arbitraries.strings().withCharRange('\0', '\uD7FF').ofMaxLength(12),
        Arbitraries.of("", " ", "null", "1", "true", "2026-01-01", "{\"a\": 1}", "\uD83D\uDE80"));
  }

  private static Arbitrary<VmRef> vms() {
    Arbitrary<String> names =
        Arbitraries.strings().withCharRange('!', '~').ofMinLength(1).ofMaxLength(20);
    return Combinators.combine(names, names).as(VmRef::new);
  }

  private static Arbitrary<Instant> instants() {
    return Combinators.combine(
            Arbitraries.longs().between(Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()),
            Arbitraries.integers().between(0, 999_999_999))
        .as((second, nano) -> Instant.ofEpochSecond(second, nano));
  }

  private static Arbitrary<Progress> progresses() {
    Arbitrary<Long> amounts = Arbitraries.longs().greaterOrEqual(0);
    return Combinators.combine(amounts, amounts, texts())
        .as((one, other, unit) -> new Progress(Math.min(one, other), Math.max(one, other), unit));
  }

  private static Arbitrary<Waiting> waitings() {
    return Combinators.combine(
            texts(), texts(), instants(), progresses().injectNull(0.5), instants())
        .as(Waiting::new);
  }

  private static Arbitrary<StepStatus> steps() {
    return Combinators.combine(
            texts(),
            Arbitraries.of(StepState.class),
            progresses().injectNull(0.5),
            texts(),
            instants().injectNull(0.5),
            instants().injectNull(0.5))
        .as(StepStatus::new);
  }

  private static Arbitrary<ObjectRef> objects() {
    return Combinators.combine(
            Arbitraries.of(Side.class), texts(), texts(), texts(), texts(), texts())
        .as(ObjectRef::new);
  }

  private static Arbitrary<Failure> failures(int causes) {
    Arbitrary<Failure> cause =
        causes == 0 ? Arbitraries.just(null) : failures(causes - 1).injectNull(0.5);
    return Combinators.combine(
            texts().injectNull(0.3),
            texts(),
            texts(),
            Arbitraries.integers().greaterOrEqual(1),
            instants(),
            instants(),
            cause)
        .as(Failure::new);
  }
}
