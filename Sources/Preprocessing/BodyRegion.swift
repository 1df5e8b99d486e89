/// A region of the body: the terms of Body Part Examined that mean it (PS3.16 Annex L, table L-1,
/// with spellings that scanners write besides), its plain name, and the window that its CT is read
/// with.
public struct BodyRegion: Hashable, Sendable {
  /// For texts, after "the": "chest", "head and neck".
  public let name: String
  /// A chest is read in two windows; mediastinum is the one here, since it shows heart, vessels,
  /// nodes and chest wall, and a lung window is one word in a recipe. Where bone is the question
  /// that CT is asked (spine, limbs, face), it is bone.
  public let ctPreset: CTPreset
  /// Upper case letters and digits alone.
  let terms: [String]

  private init(_ name: String, _ ctPreset: CTPreset, _ terms: String...) {
    self.name = name
    self.ctPreset = ctPreset
    self.terms = terms
  }

  /// The region that a Body Part Examined means, whatever stands between its words; nil for a term
  /// that is not in the table: what is not known is never repeated.
  public init?(term: String) {
    let key = String(term.uppercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) })
    guard let index = Self.byTerm[key] else { return nil }
    self = Self.all[index]
  }

  private static let byTerm = Dictionary(
    uniqueKeysWithValues: all.enumerated().flatMap { index, region in
      region.terms.map { ($0, index) }
    })

  public static let all: [BodyRegion] = [
    // Head and neck.
    BodyRegion("head", .brain, "HEAD"),
    BodyRegion("brain", .brain, "BRAIN", "CEREBRUM", "NEURO"),
    BodyRegion("cerebellum", .brain, "CEREBELLUM"),
    BodyRegion("pituitary fossa", .brain, "PITUITARY", "SELLA", "SELLATURCICA"),
    BodyRegion("circle of Willis", .angio, "CIRCLEOFWILLIS", "COW"),
    BodyRegion("head and neck", .softTissue, "HEADNECK", "HEADANDNECK"),
    BodyRegion("skull", .bone, "SKULL", "SKULLBASE"),
    BodyRegion("scalp", .softTissue, "SCALP"),
    BodyRegion("face", .bone, "FACE", "FACIALBONES", "FACIALBONE", "MIDFACE"),
    BodyRegion("cheekbone", .bone, "ZYGOMA", "CHEEK"),
    BodyRegion("orbit", .softTissue, "ORBIT", "ORBITS"),
    BodyRegion("eye", .softTissue, "EYE", "EYES"),
    BodyRegion("nose", .bone, "NOSE", "NASALBONE", "NASALBONES"),
    BodyRegion("paranasal sinuses", .bone, "SINUS", "SINUSES", "PARANASALSINUS", "PNS"),
    BodyRegion("ear", .temporalBone, "EAR", "EARS"),
    BodyRegion("internal auditory canal", .temporalBone, "IAC"),
    BodyRegion("temporal bone", .temporalBone, "TEMPORALBONE", "MASTOID", "PETROUSBONE"),
    BodyRegion("jaw", .bone, "JAW", "MANDIBLE"),
    BodyRegion("upper jaw", .bone, "MAXILLA"),
    BodyRegion("temporomandibular joint", .bone, "TMJ"),
    BodyRegion("teeth", .bone, "TEETH", "TOOTH", "DENTAL"),
    BodyRegion("mouth", .softTissue, "MOUTH"),
    BodyRegion("tongue", .softTissue, "TONGUE"),
    BodyRegion("parotid gland", .softTissue, "PAROTID"),
    BodyRegion("submandibular gland", .softTissue, "SUBMANDIBULAR"),
    BodyRegion("pharynx", .softTissue, "PHARYNX", "NASOPHARYNX", "OROPHARYNX"),
    BodyRegion("larynx", .softTissue, "LARYNX"),
    BodyRegion("neck", .softTissue, "NECK", "SOFTTISSUENECK"),
    BodyRegion("thyroid gland", .softTissue, "THYROID"),
    BodyRegion("carotid artery", .angio, "CAROTID", "CAROTIDARTERY"),

    // Chest.
    BodyRegion("chest", .mediastinum, "CHEST", "THORAX"),
    BodyRegion("lung", .lung, "LUNG", "LUNGS"),
    BodyRegion("bronchi", .lung, "BRONCHUS"),
    BodyRegion("trachea", .lung, "TRACHEA"),
    BodyRegion("mediastinum", .mediastinum, "MEDIASTINUM"),
    BodyRegion("thymus", .mediastinum, "THYMUS"),
    BodyRegion("esophagus", .mediastinum, "ESOPHAGUS"),
    BodyRegion("heart", .angio, "HEART", "CARDIAC"),
    BodyRegion("coronary arteries", .angio, "CORONARYARTERY", "CORONARY", "CORONARIES"),
    BodyRegion("aorta", .angio, "AORTA", "THORACICAORTA", "ABDOMINALAORTA"),
    BodyRegion("pulmonary artery", .angio, "PULMONARYARTERY"),
    BodyRegion("breast", .softTissue, "BREAST", "BREASTS"),
    BodyRegion("axilla", .softTissue, "AXILLA"),
    BodyRegion("rib cage", .bone, "RIB", "RIBS"),
    BodyRegion("sternum", .bone, "STERNUM"),
    BodyRegion("neck and chest", .softTissue, "NECKCHEST"),
    BodyRegion("neck, chest and abdomen", .softTissue, "NECKCHESTABDOMEN"),
    BodyRegion(
      "neck, chest, abdomen and pelvis", .softTissue, "NECKCHESTABDPELV", "NECKCHESTABDPELVIS"),
    BodyRegion("chest and abdomen", .softTissue, "CHESTABDOMEN", "THORAXABDOMEN"),
    BodyRegion(
      "chest, abdomen and pelvis", .softTissue, "CHESTABDPELVIS", "CHESTABDPELV",
      "CHESTABDOMENPELVIS", "CAP", "TAP"),

    // Abdomen and pelvis.
    BodyRegion("abdomen", .softTissue, "ABDOMEN"),
    BodyRegion(
      "abdomen and pelvis", .softTissue, "ABDOMENPELVIS", "ABDOMENANDPELVIS", "ABDPELVIS",
      "ABDPELV"),
    BodyRegion("liver", .liver, "LIVER"),
    BodyRegion("gallbladder", .softTissue, "GALLBLADDER"),
    BodyRegion("bile duct", .softTissue, "BILEDUCT"),
    BodyRegion("pancreas", .softTissue, "PANCREAS"),
    BodyRegion("spleen", .softTissue, "SPLEEN"),
    BodyRegion("kidney", .softTissue, "KIDNEY", "KIDNEYS"),
    BodyRegion("adrenal gland", .softTissue, "ADRENAL", "ADRENALS"),
    BodyRegion("ureter", .softTissue, "URETER", "URETERS"),
    BodyRegion("urinary tract", .softTissue, "KUB", "URINARYTRACT"),
    BodyRegion("urinary bladder", .softTissue, "BLADDER"),
    BodyRegion("urethra", .softTissue, "URETHRA"),
    BodyRegion("stomach", .softTissue, "STOMACH"),
    BodyRegion("duodenum", .softTissue, "DUODENUM"),
    BodyRegion("small bowel", .softTissue, "SMALLBOWEL", "SMALLINTESTINE", "JEJUNUM", "ILEUM"),
    BodyRegion("colon", .softTissue, "COLON"),
    BodyRegion("rectum", .softTissue, "RECTUM", "ANUSRECTUMSIGMD"),
    BodyRegion("pelvis", .softTissue, "PELVIS"),
    BodyRegion("prostate", .softTissue, "PROSTATE"),
    BodyRegion("penis", .softTissue, "PENIS"),
    BodyRegion("scrotum", .softTissue, "SCROTUM", "TESTIS"),
    BodyRegion("uterus", .softTissue, "UTERUS"),
    BodyRegion("cervix of the uterus", .softTissue, "CERVIX"),
    BodyRegion("ovary", .softTissue, "OVARY"),
    BodyRegion("vagina", .softTissue, "VAGINA"),
    BodyRegion("fetus", .softTissue, "FETUS", "FOETUS"),

    // Spine and trunk.
    BodyRegion("spine", .bone, "SPINE", "WHOLESPINE"),
    BodyRegion("cervical spine", .bone, "CSPINE", "CERVICALSPINE"),
    BodyRegion("cervical and thoracic spine", .bone, "CTSPINE"),
    BodyRegion("thoracic spine", .bone, "TSPINE", "THORACICSPINE", "DSPINE"),
    BodyRegion("thoracic and lumbar spine", .bone, "TLSPINE"),
    BodyRegion("lumbar spine", .bone, "LSPINE", "LUMBARSPINE"),
    BodyRegion("lumbosacral spine", .bone, "LSSPINE", "LUMBOSACRALSPINE"),
    BodyRegion("sacrum", .bone, "SSPINE", "SACRUM", "SACRALSPINE"),
    BodyRegion("coccyx", .bone, "COCCYX"),
    BodyRegion("sacroiliac joint", .bone, "SIJOINT", "SIJOINTS", "SACROILIACJOINT"),
    BodyRegion("iliac bone", .bone, "ILIUM"),
    BodyRegion("back", .softTissue, "BACK"),
    BodyRegion("buttock", .softTissue, "BUTTOCK"),

    // Limbs.
    BodyRegion("clavicle", .bone, "CLAVICLE"),
    BodyRegion("shoulder blade", .bone, "SCAPULA"),
    BodyRegion("shoulder", .bone, "SHOULDER"),
    BodyRegion("arm", .bone, "ARM", "UPPERLIMB", "UPPEREXTREMITY"),
    BodyRegion("upper arm", .bone, "HUMERUS", "UPPERARM"),
    BodyRegion("elbow", .bone, "ELBOW"),
    BodyRegion("forearm", .bone, "FOREARM", "RADIUS", "ULNA", "RADIUSULNA"),
    BodyRegion("wrist", .bone, "WRIST"),
    BodyRegion("hand", .bone, "HAND", "HANDS"),
    BodyRegion("finger", .bone, "FINGER"),
    BodyRegion("thumb", .bone, "THUMB"),
    BodyRegion("limb", .bone, "EXTREMITY"),
    BodyRegion("hip", .bone, "HIP", "HIPS"),
    BodyRegion("thigh", .bone, "THIGH", "FEMUR", "UPPERLEG"),
    BodyRegion("knee", .bone, "KNEE", "KNEES"),
    BodyRegion("kneecap", .bone, "PATELLA"),
    BodyRegion("lower leg", .bone, "LEG", "LOWERLEG", "TIBIA", "FIBULA", "TIBIAFIBULA", "CALF"),
    BodyRegion("lower limb", .bone, "LOWERLIMB", "LOWEREXTREMITY"),
    BodyRegion("ankle", .bone, "ANKLE"),
    BodyRegion("foot", .bone, "FOOT", "FEET"),
    BodyRegion("heel", .bone, "CALCANEUS", "HEEL"),
    BodyRegion("toe", .bone, "TOE", "TOES"),

    // All of it.
    BodyRegion("whole body", .softTissue, "WHOLEBODY", "TOTALBODY", "WB"),
  ]
}
