using System.Collections.Frozen;
using Evergrain.Contracts;

namespace Evergrain.Gateway.Problems;

/// <summary>What HTTP says for each error code. The one table; a test holds that no code is missing.</summary>
internal static class ErrorTable
{
    public readonly record struct Row(int Status, string Title);

    static readonly FrozenDictionary<string, Row> Rows = new Dictionary<string, Row>
    {
        [ErrorCodes.BadEntity] = new(400, "Not an entity id"),
        [ErrorCodes.UnknownKind] = new(404, "Unknown entity kind"),
        [ErrorCodes.UnknownOperation] = new(404, "Unknown operation"),
        [ErrorCodes.BadArguments] = new(400, "Arguments do not fit the operation"),
        [ErrorCodes.NoSuchEntity] = new(404, "No such entity"),
        [ErrorCodes.KeyReused] = new(422, "Idempotency key used for another call"),
        [ErrorCodes.KeyExpired] = new(409, "Idempotency key is too old"),
        [ErrorCodes.BadKey] = new(400, "Not an idempotency key"),
        [ErrorCodes.EpochUnknown] = new(409, "Unknown epoch"),
        [ErrorCodes.CallCycle] = new(409, "The call comes back to its own chain"),
        [ErrorCodes.Forbidden] = new(403, "Not allowed"),

        [ErrorCodes.Rejected] = new(422, "The rules of the game say no"),
        [ErrorCodes.ModuleFault] = new(500, "The module failed"),

        [ErrorCodes.Deadline] = new(504, "Deadline passed"),
        [ErrorCodes.Cancelled] = new(503, "Cancelled"),
        [ErrorCodes.Overloaded] = new(503, "Overloaded"),
        [ErrorCodes.EntityQuarantined] = new(503, "Entity is quarantined"),
        [ErrorCodes.SiloLost] = new(503, "Silo was lost"),
        [ErrorCodes.SiloNotReady] = new(503, "Silo is not ready"),
        [ErrorCodes.StoreUnavailable] = new(503, "Store is unavailable"),
        [ErrorCodes.StoreConflict] = new(409, "Store conflict"),
        [ErrorCodes.StoreCannot] = new(501, "The store cannot do this"),
        [ErrorCodes.StoreFull] = new(507, "Store is full"),
        [ErrorCodes.RecordTooLarge] = new(500, "Entity is too large for the store"),
        [ErrorCodes.RecordUnreadable] = new(500, "Entity's record cannot be read"),
        [ErrorCodes.ReplyTooLarge] = new(500, "Reply is too large"),
        [ErrorCodes.EffectsTooMany] = new(500, "Too many effects in one turn"),
        [ErrorCodes.Internal] = new(500, "Internal error"),

        [ErrorCodes.NotQuarantined] = new(409, "The entity is not quarantined"),
        [ErrorCodes.NothingToRestore] = new(409, "Nothing to restore"),

        [ErrorCodes.BadRequest] = new(400, "Bad request"),
        [ErrorCodes.BadJson] = new(400, "Not JSON"),
        [ErrorCodes.BadMessage] = new(400, "Bad message"),
        [ErrorCodes.BodyTooLarge] = new(413, "Body is too large"),
        [ErrorCodes.MessageTooLarge] = new(413, "Message is too large"),
        [ErrorCodes.Unauthorized] = new(401, "Not logged in"),
        [ErrorCodes.NotFound] = new(404, "Not found"),
        [ErrorCodes.MethodNotAllowed] = new(405, "Method not allowed"),
        [ErrorCodes.TooManyConnections] = new(503, "Too many connections"),
        [ErrorCodes.TooManyInFlight] = new(429, "Too many calls in flight"),
        [ErrorCodes.TooManySubscriptions] = new(429, "Too many subscriptions"),
        [ErrorCodes.SessionGone] = new(410, "Session is gone"),
        [ErrorCodes.ConnectionLost] = new(503, "Connection was lost"),

        [ErrorCodes.BadPackage] = new(422, "Package was refused"),
        [ErrorCodes.PackageTooLarge] = new(413, "Package is too large"),
        [ErrorCodes.UploadIncomplete] = new(400, "Upload is incomplete"),
        [ErrorCodes.VersionPublished] = new(409, "Version is already published"),
        [ErrorCodes.UnknownModule] = new(404, "Unknown module"),
        [ErrorCodes.UnknownVersion] = new(404, "Unknown version"),
        [ErrorCodes.UnknownRollout] = new(404, "Unknown rollout"),
        [ErrorCodes.RolloutRunning] = new(409, "A rollout is running"),
        [ErrorCodes.RolloutEnded] = new(409, "The rollout has ended"),
        [ErrorCodes.NothingToUndo] = new(409, "Nothing to undo"),
        [ErrorCodes.NothingToDo] = new(409, "Nothing to do"),
        [ErrorCodes.OneWay] = new(409, "It would go one way"),
    }.ToFrozenDictionary();

    public static bool Knows(string code) => Rows.ContainsKey(code);

    /// <summary>A code that a newer silo may know and this door does not is a server error by its own name.</summary>
    public static Row Of(string code) => Rows.TryGetValue(code, out var row) ? row : new Row(500, code);
}
