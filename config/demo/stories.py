"""What customers of the demo company say, and how their cases end. Invented for it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    nature: str
    category: str
    subject: str
    content: str
    answer: str
    tier: str = ""
    language: str = "zh-hans"


MODELS = {
    "空调": ("CK-35 挂机", "CK-26 挂机", "CK-72 柜机", "CK-50 新风挂机"),
    "洗衣机": ("XC-100 滚筒洗衣机", "XC-80 波轮洗衣机", "XC-120 洗烘一体机"),
    "冰箱": ("BC-518 对开门冰箱", "BC-260 三门冰箱", "BC-402 十字门冰箱"),
    "热水器": ("RS-16 燃气热水器", "DS-60 电热水器", "RS-13 燃气热水器"),
    "油烟机": ("YJ-22 侧吸油烟机", "YJ-25 顶吸油烟机"),
}
WHEN = ("上周六", "前天晚上", "昨天上午", "国庆以后", "上个月底", "这周一", "半个月前", "三天前")

COMPLAINT, SUGGESTION, INQUIRY = "complaint", "suggestion", "inquiry"

STORIES = (
    Story(
        COMPLAINT,
        "product",
        "{空调}内机滴水",
        "{when}装的{空调}，开半小时内机就往下滴水，墙纸已经湿了一片。师傅说管子坡度没问题，可是照样滴。"
        "希望尽快查清原因。",
        "工程师上门检查，接水盘排水口被装修灰堵住，已清理并重新调整排水坡度，试机两小时不再滴水。墙纸损失按实际面积补偿 "
        "260 元，已到账。今后安装完成后一律做注水试验。感谢您告诉我们。",
    ),
    Story(
        COMPLAINT,
        "product",
        "{洗衣机}脱水时跳动",
        "{when}买的{洗衣机}，脱水时整台机器会移动半米，声音楼下都听得见。已经垫了防震垫，没有用。",
        "上门检测发现减震器有一根松脱，已更换两根减震器并调平，空载和满载脱水各试一次，位移在 5 毫米以内。"
        "该批次已通知生产线加查。感谢您的反馈。",
    ),
    Story(
        COMPLAINT,
        "product",
        "{冰箱}冷藏室结冰",
        "{冰箱}用了不到两个月，冷藏室后壁结厚冰，青菜都冻坏了。温度调到 6 度也没有变化。",
        "检查为感温头位置偏移，已更换感温头并校准温度，随后观察 48 小时，冷藏室稳定在 4 至 5 度。延长保修一年作为补偿。"
        "感谢您的耐心。",
    ),
    Story(
        COMPLAINT,
        "product",
        "{热水器}洗澡中途变凉",
        "{热水器}洗到一半水突然变凉，要关掉重开才行，老人小孩都不敢用。{when}报修过一次，没有修好。",
        "更换水流传感器和比例阀，连续放水 20 分钟出水温度波动不超过 1 度。首次维修判断有误，已对经办网点培训。"
        "向您道歉，也感谢您再次告诉我们。",
    ),
    Story(
        COMPLAINT,
        "product",
        "{油烟机}吸力变小",
        "{油烟机}才用半年，炒菜时油烟往外跑，风道清洗过，还是一样。",
        "检测电机转速偏低，属质量问题，已免费更换电机总成，风量恢复到标称值。感谢您的反馈。",
    ),
    Story(
        COMPLAINT,
        "product",
        "{空调}夜里有异响",
        "卧室的{空调}夜里每隔十几分钟“咔”一声，吵得睡不着。录了音可以提供。",
        "上门拆检，面板卡扣受热膨胀发声，已加装缓冲垫，三个夜晚回访均无异响。设计部门已登记改进。感谢您提供录音。",
    ),
    Story(
        COMPLAINT,
        "product",
        "{热水器}附近闻到燃气味",
        "紧急！{热水器}点火后厨房有明显燃气味，已经关阀开窗，请马上派人来。",
        "接报后 35 分钟到场，检测为进气接头密封圈老化，已更换并用检漏仪复测，无泄漏；燃气公司同时确认安全。"
        "已对同批次用户逐户通知检查。",
        "L1",
    ),
    Story(
        COMPLAINT,
        "product",
        "{洗衣机}插头冒烟",
        "{洗衣机}运行中插头冒烟，有焦味，幸好人在家。现在不敢用，要求给说法。",
        "当日上门，更换整机并收回原机送检；检测结论为电源线压接不良，已暂停该批次发货并排查在用机器。"
        "承担现场清洁费用，向您郑重道歉。",
        "L1",
    ),
    Story(
        COMPLAINT,
        "after_sales",
        "约好上门没有来",
        "约了{when}上午修{洗衣机}，请假在家等了一天没人来，也没有电话。再打客服说要重新排队。",
        "查明派单时网点漏接。当天加派工程师上门修好，并补偿误工费 200 元。网点已按规定处理，派单超过 "
        "30 分钟未接现在会自动提醒。向您道歉。",
    ),
    Story(
        COMPLAINT,
        "after_sales",
        "保修期内被收了上门费",
        "{冰箱}还在保修期，师傅{when}来修收了 80 元上门费，没有开票。",
        "核实属网点违规收费，80 元已原路退回，另补偿 80 元。网点负责人已书面检讨，收费标准已在维修单上印明。"
        "感谢您的监督。",
    ),
    Story(
        COMPLAINT,
        "after_sales",
        "同一故障修了三次",
        "{空调}不制冷，前后修了三次，每次换个零件说好了，过两天又不行。要求换机。",
        "由售后主管带队复检，判定压缩机早期失效，按三包规定为您更换新机，旧机当日带走。三次维修记录已列入案例培训。",
    ),
    Story(
        COMPLAINT,
        "after_sales",
        "配件等了两周没有消息",
        "{油烟机}的触控板坏了，说等配件，等了两周没有任何消息，厨房一直没法用。",
        "配件从外地仓调拨，已于今日换好。等待期间没有主动告知进度是我们的错，现在配件超过三天必须告知预计到货日。"
        "补偿延保半年。",
    ),
    Story(
        COMPLAINT,
        "after_sales",
        "安装师傅打孔打偏",
        "安装{空调}时孔打偏了 10 厘米，留下一个洞，师傅说没办法就走了。",
        "已派瓦工修补并重新粉刷，业主验收满意；安装费全额退还。安装前现在要先贴定位纸请用户确认。",
    ),
    Story(
        COMPLAINT,
        "delivery",
        "{冰箱}送来外箱破损",
        "{when}送到的{冰箱}外箱压坏，侧面有一道十几厘米的凹痕。配送员让我先签字。",
        "核实为中转装卸所致，次日更换新机，原机收回。配送员已重新培训：未开箱验货不得要求签字。感谢您拍照保留证据。",
    ),
    Story(
        COMPLAINT,
        "delivery",
        "送货一改再改",
        "{洗衣机}说好{when}送，改了三次时间，每次都是当天才通知。家里老人白等。",
        "排查为两个仓之间调拨延误，已于昨日送达并安装。现在改期须提前一天征得用户同意。补偿 100 元购物券。",
    ),
    Story(
        COMPLAINT,
        "delivery",
        "要求收搬楼费",
        "下单写的是送货入户，到楼下要收 150 元搬楼费才肯搬。{洗衣机}没多重。",
        "送货入户不得另收费，150 元已退。承运商按合同扣罚，并已在派送短信中写明免费入户。",
    ),
    Story(
        COMPLAINT,
        "delivery",
        "送错型号",
        "订的是{空调}，送来的是另一个型号，客服说要一周才能换。",
        "次日已送达正确型号并安装，错发机器同时带回。出库扫码核对现已覆盖该仓。向您道歉。",
    ),
    Story(
        COMPLAINT,
        "service",
        "热线客服态度生硬",
        "{when}打热线问{热水器}的事，客服三次打断我，最后直接挂了电话。",
        "调听录音情况属实，该客服已停岗培训，主管当日致电道歉。录音抽检比例提高一倍。感谢您指出。",
    ),
    Story(
        COMPLAINT,
        "service",
        "在线客服一直是机器人",
        "在线客服打了十几遍“人工”，始终是机器人回复，问题没有解决。",
        "已修正转人工的判断，连续两次未解决自动转人工；您的问题由专人电话解决。感谢您的反馈。",
    ),
    Story(
        COMPLAINT,
        "service",
        "门店导购推销延保不说清",
        "在门店买{冰箱}，导购说延保是送的，回家一看发票收了 399 元。",
        "核实导购讲解不清，399 元已全额退回，门店已检讨并在收银时增加一次确认。",
    ),
    Story(
        COMPLAINT,
        "process",
        "退货退款拖了二十天",
        "{洗衣机}{when}退的货，仓库早签收了，退款到现在没有到账，每次问都说在走流程。",
        "退款卡在财务复核，已于今日到账，并按日补偿利息。现在仓库签收后三个工作日必须退款。",
    ),
    Story(
        COMPLAINT,
        "process",
        "以旧换新估价前后不一",
        "网上估价 320 元，上门后只肯给 120 元，理由说不清楚。{冰箱}成色完全符合描述。",
        "按网上估价补足 200 元。估价规则与实收标准已统一，差额超过一成须由审核员说明。",
    ),
    Story(
        COMPLAINT,
        "environment",
        "门店油烟机演示区味道大",
        "商场门店的演示区油烟很重，带孩子根本待不住，地面也滑。",
        "演示改在独立排风区进行，地面已铺防滑垫，每两小时清洁一次。感谢您的提醒。",
    ),
    Story(
        COMPLAINT,
        "other",
        "短信广告太多",
        "买了{空调}以后每天收到两三条促销短信，退订了还发。",
        "已将您的号码从全部营销名单中移除，退订接口的故障已修复。打扰您了，抱歉。",
    ),
    Story(
        SUGGESTION,
        "product",
        "希望{空调}面板亮度可以关",
        "{空调}面板夜里太亮，希望遥控器上能一键熄屏。",
        "建议采纳：现款机型长按“静音”三秒即可熄屏，下一版说明书会写在首页；明年机型增加独立按键。感谢您的建议。",
    ),
    Story(
        SUGGESTION,
        "product",
        "洗衣机希望增加童锁提示",
        "{洗衣机}的童锁没有任何提示，家里老人以为坏了。建议屏幕上显示。",
        "已评估采纳，屏幕显示童锁标志将随下次程序升级推送，预计下个季度。感谢您。",
    ),
    Story(
        SUGGESTION,
        "process",
        "安装预约希望能选两小时时段",
        "现在只能选上午下午，上班的人很不方便，希望能选两小时的时段。",
        "采纳，已在三个城市试行两小时时段，效果好则春节前全面推行。感谢您的建议。",
    ),
    Story(
        SUGGESTION,
        "service",
        "建议增加老年人专线",
        "父母不会用小程序，希望热线有一个不用按键的老年人专线。",
        "采纳，65 岁以上用户来电将直接转人工，下月上线。感谢您替父母想到这一点。",
    ),
    Story(
        SUGGESTION,
        "delivery",
        "建议回收包装箱",
        "大家电的泡沫和纸箱太难处理，建议送货时带走包装。",
        "采纳，送货安装完成后主动询问并带走包装，本月起执行。感谢您的建议。",
    ),
    Story(
        SUGGESTION,
        "environment",
        "建议门店设休息区",
        "陪老人看家电，店里没有坐的地方，建议放几把椅子和饮水机。",
        "已在五家门店增设休息区，其余门店年内完成。感谢您的建议。",
    ),
    Story(
        SUGGESTION,
        "other",
        "建议公众号发保养知识",
        "希望公众号定期发一些家电清洗保养的知识，比广告有用。",
        "采纳，每周三发布一篇保养知识，首篇是空调过滤网清洗。感谢您。",
    ),
    Story(
        INQUIRY,
        "after_sales",
        "{热水器}保修期怎么算",
        "请问{热水器}的保修期从购买日还是安装日算起？整机和内胆是否不同？",
        "从发票日期起算，整机两年，内胆八年；发票遗失可用机身条码的出厂日期顺延三个月。",
    ),
    Story(
        INQUIRY,
        "after_sales",
        "{油烟机}清洗怎么收费",
        "想预约{油烟机}深度清洗，请问怎么收费，需要多久？",
        "深度清洗 168 元，约两小时，含更换油杯衬纸；会员每年一次半价。已为您预约，短信会告知时间。",
    ),
    Story(
        INQUIRY,
        "product",
        "{冰箱}冷冻室能否改冷藏",
        "请问{冰箱}的冷冻室可以改成冷藏使用吗？会不会影响寿命？",
        "可以，变温区支持零下 18 度到 5 度，长按“变温”三秒切换，不影响寿命。",
    ),
    Story(
        INQUIRY,
        "delivery",
        "新疆能不能送货",
        "请问{洗衣机}能送到乌鲁木齐吗？运费怎么算，几天到？",
        "可以送，免运费，一般七至九天，含安装。下单时选择“送装一体”即可。",
    ),
    Story(
        INQUIRY,
        "process",
        "企业采购如何开专票",
        "公司采购十台{空调}，请问怎么开增值税专用发票？",
        "下单后在订单页提交开票资料，三个工作日内寄出电子专票；也可由渠道专员一次办理，已请专员与您联系。",
    ),
    Story(
        INQUIRY,
        "process",
        "国家补贴还能用吗",
        "请问买一级能效的{空调}现在还有补贴吗？怎么领？",
        "您所在城市的补贴以当地公告为准，结算时自动核减；需要身份证和安装地址。已把办理步骤发到您的邮箱。",
    ),
    Story(
        INQUIRY,
        "other",
        "想参观工厂",
        "孩子学校组织社会实践，想带三十个学生参观工厂，请问怎么预约？",
        "每周五下午开放，提前一周预约即可；已为您登记，联系人会确认时间和安全事项。",
    ),
    Story(
        COMPLAINT,
        "product",
        "Water leaking from the new unit",
        "The air conditioner installed last week drips onto the sofa after twenty minutes. I do not speak "
        "Chinese well, please answer in English.",
        "Our engineer cleared the drain and reset its slope; a two-hour test stayed dry. Cleaning of "
        "the sofa has been paid for. From now on every installation ends with a water test. Thank you "
        "for telling us.",
        language="en",
    ),
    Story(
        COMPLAINT,
        "delivery",
        "Delivered to the wrong building",
        "My washing machine was left at Building 6 instead of Building 9 and nobody called me.",
        "The machine was brought to your flat and installed the same evening. Drivers now call before "
        "they unload. We apologise, and thank you for telling us.",
        language="en",
    ),
    Story(
        SUGGESTION,
        "product",
        "English on the control panel",
        "Please offer an English language option on the panel of the dryer.",
        "Adopted: the next software version has English and can be switched with a long press. Thank you for the idea.",
        language="en",
    ),
    Story(
        INQUIRY,
        "after_sales",
        "Does the warranty move with me?",
        "I am moving from Shanghai to Chengdu. Is the warranty of my refrigerator still valid there?",
        "Yes, it is valid in the whole country. Tell us your new address and the local service point will be yours.",
        language="en",
    ),
)

PROGRESS = (
    "您好，您反映的情况已收到，我是本件的经办人{owner}，已约工程师核查，今天内再向您告知进度。",
    "您好，我是{owner}。问题已经转给责任部门核实，预计两个工作日内给您结果，期间可随时在查询页留言。",
    "您好，我们正在核对记录，我会全程跟进到您满意为止。{owner}",
)
PROGRESS_EN = (
    "Thank you for telling us. I am {owner} and I will follow your case to the end; you will hear "
    "from me within two working days.",
)
QUESTIONS = (
    "为了尽快处理，请提供机身条码（室内机右侧面）和方便上门的时间。",
    "请您补充一张故障部位的照片和购买凭证，谢谢。",
    "请告诉我们订单号，以及当时联系您的师傅姓名或电话。",
)
ANSWERS = (
    "条码是 CC2611{n:05d}，周末全天在家。",
    "照片已经拍好发到邮箱了，订单号 CC-26-{n:06d}。",
    "订单号 CC-26-{n:06d}，师傅姓李，电话没有留。",
)
NOTES = (
    "已与网点核对，当天确有派单记录，等待书面说明。",
    "同型号近一个月第三起，建议列入共性问题。",
    "用户情绪平稳，接受上门时间。",
    "已查录音，用户所述属实。",
)
COMPLAINTS_AFTER = (
    "说修好了，第二天又出现同样的问题，非常失望。",
    "答复和实际不一样，补偿也没有到账。",
    "没有解决根本问题，只是又换了一个零件。",
)
SECOND_ANSWERS = (
    "部门负责人牵头复查，更换主要部件并现场试机，您确认恢复正常；另补偿延保一年。对首次处理不到位向您道歉，"
    "已要求同类问题一次修复。",
    "经复核，补偿款因账户信息有误被退回，已重新支付并到账。向您道歉，核对环节已经补上。",
)
SPAM = ("代开发票联系微信", "低价刷好评，量大从优", "测试测试测试")
