using System.Globalization;
using Evergrain.Contracts;
using Microsoft.AspNetCore.Http;

namespace Evergrain.Gateway.Calls;

/// <summary>What the headers of a call say.</summary>
internal readonly record struct CallHeaders(Guid? Key, long SeenEpoch, int? DeadlineMs)
{
    public const string KeyHeader = "Idempotency-Key";
    public const string EpochHeader = "Evergrain-Epoch";
    public const string VersionHeader = "Evergrain-Version";
    public const string DeadlineHeader = "Evergrain-Deadline-Ms";

    public static CallHeaders Read(IHeaderDictionary headers, List<Finding> findings)
    {
        Guid? key = null;
        long epoch = 0;
        int? deadline = null;
        if (headers[KeyHeader] is [{ } keyText, ..])
        {
            if (Guid.TryParse(keyText.Trim('"'), out var parsed) && CallLimits.IsKey(parsed)) key = parsed;
            else findings.Add(new Finding(ErrorCodes.BadKey, KeyHeader, $"{KeyHeader} '{keyText}' is not a UUIDv7.", CallLimits.KeyNext));
        }
        if (headers[EpochHeader] is [{ } epochText, ..]
            && !(long.TryParse(epochText, NumberStyles.None, CultureInfo.InvariantCulture, out epoch)))
            findings.Add(new Finding(ErrorCodes.BadRequest, EpochHeader, $"{EpochHeader} '{epochText}' is not an epoch.", "Send the highest epoch that a reply carried, or leave it out."));
        if (headers[DeadlineHeader] is [{ } deadlineText, ..])
        {
            if (int.TryParse(deadlineText, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && CallLimits.IsDeadline(ms)) deadline = ms;
            else findings.Add(new Finding(ErrorCodes.BadRequest, DeadlineHeader, $"{DeadlineHeader} '{deadlineText}' is not a deadline.", CallLimits.DeadlineNext));
        }
        return new CallHeaders(key, epoch, deadline);
    }
}
