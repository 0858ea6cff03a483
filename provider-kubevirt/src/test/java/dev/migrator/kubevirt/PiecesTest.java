package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.model.VmRef;
import dev.migrator.spi.HookStage;
import dev.migrator.spi.MigrationException;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small pure pieces. */
final class PiecesTest {

  private static final VmRef WEB = new VmRef("ns", "web");

  @Test
  void namesAreTheSameForTheSameAndDifferForAnythingElse() {
    Names names = new Names("plan", "1", WEB, WEB);
    Set<String> all = new HashSet<>();
    for (Names each :
        List.of(
            names,
            new Names("plan", "2", WEB, WEB),
            new Names("other", "1", WEB, WEB),
            new Names("plan", "1", new VmRef("ns", "db"), WEB))) {
      for (int attempt = 1; attempt <= 2; attempt++) {
        all.add(each.sendHalf(attempt));
        all.add(each.receiveHalf(attempt));
        all.add(each.migrationId(attempt));
      }
    }

    assertThat(all).hasSize(4 * 2 * 3);
    assertThat(names).isEqualTo(new Names("plan", "1", WEB, WEB));
    assertThat(names.sendHalf(1)).isEqualTo(new Names("plan", "1", WEB, WEB).sendHalf(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 63, 253})
  void namesFitWhateverTheMachineIsCalled(int length) {
    VmRef vm = new VmRef("ns", "w".repeat(length));
    Names names = new Names("plan", "1", vm, vm);

    for (String name :
        List.of(names.sendHalf(1), names.receiveHalf(12), names.hook(HookStage.PRE))) {
      assertThat(name).hasSizeLessThanOrEqualTo(63).matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    }
  }

  @Test
  void aMigrationIdIsAUuidByItsForm() {
    String id = new Names("plan", "1", WEB, WEB).migrationId(1);

    assertThat(UUID.fromString(id)).hasToString(id);
  }

  @ParameterizedTest
  @CsvSource({
    "0, true",
    "401, true",
    "408, true",
    "409, true",
    "429, true",
    "500, true",
    "503, true",
    "400, false",
    "403, false",
    "405, false",
    "422, false"
  })
  void errorsAreTransientOrPermanentByTheirCode(int code, boolean retryable) {
    MigrationException known = K8sErrors.classify("create it", failure(code, null));

    assertThat(known.isRetryable()).isEqualTo(retryable);
    assertThat(known).hasMessageContaining("create it").hasMessageContaining("the server's words");
  }

  @Test
  void theServersRetryAfterIsHonoured() {
    MigrationException known = K8sErrors.classify("create it", failure(429, 7));

    assertThat(known.retryAfter()).contains(Duration.ofSeconds(7));
  }

  @Test
  void aBrokenConnectionIsTransient() {
    MigrationException known =
        K8sErrors.classify(
            "read it", new KubernetesClientException("Operation failed", new IOException("reset")));

    assertThat(known.isRetryable()).isTrue();
    assertThat(known).hasMessageContaining("reset");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Always", "Manual", "RerunOnFailure", "Once", "Halted", "running: true"})
  void aStrategySurvivesTheStatus(String text) {
    assertThat(SourceStrategy.parse(text).text()).isEqualTo(text);
  }

  @Test
  void haltingTestsWhatWasThereAndSwapsTheTwoSpellingsInOnePatch() {
    assertThat(SourceStrategy.parse("running: true").to("u", SourceStrategy.HALTED).operations())
        .containsExactly(
            Map.of("op", "test", "path", "/metadata/uid", "value", "u"),
            Map.of("op", "test", "path", "/spec/running", "value", true),
            Map.of("op", "remove", "path", "/spec/running"),
            Map.of("op", "add", "path", "/spec/runStrategy", "value", "Halted"));
    assertThat(SourceStrategy.named("Once").to("u", SourceStrategy.HALTED).operations())
        .contains(Map.of("op", "test", "path", "/spec/runStrategy", "value", "Once"));
  }

  @Test
  void equalContentHasOneSpelling() {
    assertThat(Canonical.text(Map.of("a", 1, "b", Map.of())))
        .isEqualTo(Canonical.text(Map.of("a", 1)));
    assertThat(Canonical.text(Map.of("a", List.of("x", "y"))))
        .isNotEqualTo(Canonical.text(Map.of("a", List.of("xy"))))
        .isNotEqualTo(Canonical.text(Map.of("a", List.of("y", "x"))));
  }

  @Test
  void hashesDoNotRunTogether() {
    assertThat(Hash.of("ab", "c")).isNotEqualTo(Hash.of("a", "bc")).hasSize(64);
  }

  @Test
  void whatTheOthersReturnedSurvivesAFailure() {
    List<Supplier<String>> requests = new ArrayList<>();
    requests.add(() -> "one");
    requests.add(
        () -> {
          throw new IllegalStateException("two");
        });
    requests.add(() -> "three");

    assertThatThrownBy(() -> Parallel.all(Runnable::run, requests))
        .isInstanceOfSatisfying(
            Parallel.Partial.class,
            partial -> {
              assertThat(partial.done()).hasToString("[one, three]");
              assertThat(partial.failure()).hasMessage("two");
            });
  }

  @Test
  void anErrorIsNotKept() {
    List<Supplier<String>> requests =
        List.of(
            () -> {
              throw new StackOverflowError("dead");
            });

    assertThatThrownBy(() -> Parallel.all(Runnable::run, requests))
        .isInstanceOf(StackOverflowError.class);
  }

  @Test
  void onlyCertificatesAreReadFromABundle() {
    String rubbish =
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\nnothing\n"
            + "-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n";

    assertThat(CaBundle.parse(rubbish).isEmpty()).isTrue();
    assertThat(CaBundle.parse("").pem()).isEmpty();
  }

  @Test
  void kindsAreFoundWhateverTheirVersion() {
    assertThat(Kind.of("kubevirt.io/v1alpha3", "VirtualMachine")).isEqualTo(Kind.VIRTUAL_MACHINE);
    assertThat(Kind.of("v1", "Secret")).isEqualTo(Kind.SECRET);
    assertThat(Kind.SECRET.path("ns", "x")).isEqualTo("/api/v1/namespaces/ns/secrets/x");
    assertThat(Kind.DATA_VOLUME.path("ns", "x"))
        .isEqualTo("/apis/cdi.kubevirt.io/v1beta1/namespaces/ns/datavolumes/x");
  }

  @Test
  void aHalfIsReadByWhatItIsGoodFor() {
    assertThat(Half.of(Optional.empty())).isEqualTo(Half.ABSENT);
    assertThat(Half.ABSENT.isOver()).isTrue();
    assertThat(Half.COPYING_LEAVING.isOver()).isFalse();
  }

  private static KubernetesClientException failure(int code, Integer retryAfter) {
    StatusBuilder status = new StatusBuilder().withCode(code).withMessage("the server's words");
    if (retryAfter != null) {
      status.withNewDetails().withRetryAfterSeconds(retryAfter).endDetails();
    }
    return new KubernetesClientException("failed", code, status.build());
  }
}
